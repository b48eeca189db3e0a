import type { Community, Person } from './community.ts'
import type { Who } from './principals.ts'
import { isOpen, may } from './rules.ts'

/** How clients ask for one of these: the field that takes its id. */
export type RowKind =
  | 'measurementSet'
  | 'pattern'
  | 'curatedSet'
  | 'profile'
  | 'apiKey'
  | 'bookmark'

export interface Row {
  readonly name: string
  readonly kind: RowKind
  readonly id: string
  /** null for what nobody in particular owns. */
  readonly owner: Person | null
  readonly isSeenBy: (who: Who) => boolean
}

/** Every row that a principal could ask for, and who sees it, in the words of the domain's page. */
export function rowsOf({ strangers, curated }: Community, own: Person | null): readonly Row[] {
  const curatedRow = (name: keyof typeof curated): Row => ({
    name: `the ${name} curated set`,
    kind: 'curatedSet',
    id: curated[name],
    owner: null,
    isSeenBy: (who) => (name === 'published' ? may('anybody', who) : curator(who)),
  })
  return [
    ...(own === null ? [] : ownRows(own)),
    ...strangers.flatMap(strangersRows),
    curatedRow('published'),
    curatedRow('draft'),
    curatedRow('retired'),
  ]
}

function withMeasurements(who: Who): boolean {
  return may('level 1 with measurements', who)
}

function staff(who: Who): boolean {
  return may('staff of level 5', who)
}

function curator(who: Who): boolean {
  return may('a curator of level 3', who)
}

function ownRows(owner: Person): readonly Row[] {
  const row = (name: string, kind: RowKind, id: string, isSeenBy: Row['isSeenBy']): Row => ({
    name: `the own ${name}`,
    kind,
    id,
    owner,
    isSeenBy,
  })
  // What is public is seen by its owner too, also at a level that opens nothing else.
  const orPublic = (who: Who) => withMeasurements(who) || (isOpen(owner) && may('anybody', who))
  return [
    row('private set', 'measurementSet', owner.privateSet, withMeasurements),
    row('public set', 'measurementSet', owner.publicSet, orPublic),
    row('private pattern', 'pattern', owner.privatePattern, withMeasurements),
    row('public pattern', 'pattern', owner.publicPattern, orPublic),
    row('profile', 'profile', owner.profile, (who) => may('whoever is known', who)),
    row('API key', 'apiKey', owner.key, (who) => may('level 2', who)),
    row('bookmark', 'bookmark', owner.bookmark, (who) => may('level 1', who)),
    row('draft of a curated set', 'curatedSet', owner.draft, curator),
  ]
}

function strangersRows(owner: Person): readonly Row[] {
  const { name, status, consent } = owner
  const row = (what: string, kind: RowKind, id: string, isSeenBy: Row['isSeenBy']): Row => ({
    name: `the ${what} of ${name}`,
    kind,
    id,
    owner,
    isSeenBy,
  })
  const ifOpen = (who: Who) => staff(who) || (isOpen(owner) && may('anybody', who))
  const isNamed = status === 'active' && consent !== 'none'
  return [
    row('private set', 'measurementSet', owner.privateSet, staff),
    row('public set', 'measurementSet', owner.publicSet, ifOpen),
    row('private pattern', 'pattern', owner.privatePattern, staff),
    row('public pattern', 'pattern', owner.publicPattern, ifOpen),
    row(
      'profile',
      'profile',
      owner.profile,
      (who) => staff(who) || (isNamed && may('anybody', who)),
    ),
    row('API key', 'apiKey', owner.key, () => false),
    row('bookmark', 'bookmark', owner.bookmark, () => false),
    row('draft of a curated set', 'curatedSet', owner.draft, curator),
  ]
}
