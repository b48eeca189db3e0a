import { existsSync } from 'node:fs'

import { expect, onTestFinished, test } from 'vitest'

import { launchPostgres } from '../../../../src/database/embedded/launch.ts'
import { StartError } from '../../../../src/errors.ts'

test.each([
  ['win32', 'x64'],
  ['linux', 'riscv64'],
])(
  'on %s-%s the start stops, names the variable to set, and makes no folder',
  async (platform, arch) => {
    pretend('platform', platform)
    pretend('arch', arch)
    const data = '/nonexistent/maat'
    const refusal = launchPostgres({ data })
    await expect(refusal).rejects.toThrow(StartError)
    await expect(refusal).rejects.toThrow(
      `There is no embedded PostgreSQL for ${platform}-${arch}, or npm left its optional package out. Set DATABASE_URL`,
    )
    expect(existsSync(data)).toBe(false)
  },
)

function pretend(name: 'platform' | 'arch', value: string): void {
  const real = process[name]
  Object.defineProperty(process, name, { value })
  onTestFinished(() => void Object.defineProperty(process, name, { value: real }))
}
