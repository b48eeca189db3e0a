/** The packages carry no types of their own. */
declare module '@freesewing/config' {
  export const measurements: readonly string[]
  export const degreeMeasurements: readonly string[]
}

declare module '@freesewing/models' {
  type Size = Readonly<Record<string, number>>
  type Sizes = Readonly<Record<string, Size>>
  type Group = Readonly<Record<'cisFemale' | 'cisMale', Sizes>>
  export const adult: Group
  export const doll: Group
  export const giant: Group
}
