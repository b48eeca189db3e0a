import { useSyncExternalStore } from 'react'

/** One value that components can watch. */
export interface ObservableValue<Value> {
  readonly get: () => Value
  readonly set: (value: Value) => void
  /** Calls the listener after every change, until the returned function is called. */
  readonly subscribe: (listener: () => void) => () => void
}

export function createObservableValue<Value>(initial: Value): ObservableValue<Value> {
  const listeners = new Set<() => void>()
  let current = initial
  return {
    get: () => current,
    set: (value) => {
      current = value
      for (const listener of listeners) listener()
    },
    subscribe: (listener) => {
      listeners.add(listener)
      return () => listeners.delete(listener)
    },
  }
}

/** The value now; the component renders again when it changes. */
export function useObservableValue<Value>(value: ObservableValue<Value>): Value {
  return useSyncExternalStore(value.subscribe, value.get)
}
