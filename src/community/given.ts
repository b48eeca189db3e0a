/** What is asked for; where nothing is, what there is. */
export function given<Value>(asked: Value | undefined, present: Value): Value {
  return asked === undefined ? present : asked
}
