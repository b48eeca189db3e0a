import { readFileSync } from 'node:fs'
import { crc32 } from 'node:zlib'

import { expect, test } from 'vitest'

import { formatKey } from '../../src/auth/api-key.ts'

const readme = readFileSync('README.md', 'utf8')

test('scanners find a key by the expression of the README, and nothing else', () => {
  const [, expression = ''] = /Scanners find keys by `([^`]+)`/.exec(readme) ?? []
  const key = formatKey((size) => new Uint8Array(size).fill(7))
  expect(`x="${key}";`.match(new RegExp(expression))?.[0]).toBe(key)
  expect(new RegExp(`^${expression}$`).test(key.slice(0, -1))).toBe(false)
})

test('the checksum is what the README says it is', () => {
  const alphabet = '0123456789ABCDEFGHIJKLMNOPQRSTUVWXYZabcdefghijklmnopqrstuvwxyz'
  const key = formatKey((size) => new Uint8Array(size).fill(7))
  const digits = Array.from(key.slice(40), (digit) => alphabet.indexOf(digit))
  expect(digits.reduce((sum, digit) => sum * 62 + digit, 0)).toBe(crc32(key.slice(0, 40)))
})
