/** How to wait (vi.waitFor) for what comes by itself, on a machine that has much to do. expect.poll waits so by default. */
export const PATIENTLY = { timeout: 20_000, interval: 20 } as const
