/** Where the time comes from: the system in production, a test's hand in tests. */
export type Clock = () => Date

export const systemClock: Clock = () => new Date()
