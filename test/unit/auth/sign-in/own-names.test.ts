import { expect, test } from 'vitest'

import { holdsName } from '../../../../src/auth/sign-in/own-names.ts'

test.each([
  ['Evangeline', 'my evangeline password'],
  ['Evangeline', 'EVANGELINE-2026'],
  ['ｅｖａngeline', 'evangeline 2026'],
  ['evan', 'xxevanxx12'],
  ['🧵🪡📏🧷', 'knots 🧵🪡📏🧷 knots'],
])('the name %j is within %j', (name, password) => {
  expect(holdsName(password, ['another', name])).toBe(true)
})

test.each([
  ['Evangeline', 'correct horse battery'],
  ['eva', 'evaporated milk'],
  ['🧵🪡', '🧵🪡 needle and thread'],
  ['', 'correct horse battery'],
])('the name %j is not within %j, or is too short to count', (name, password) => {
  expect(holdsName(password, [name])).toBe(false)
})
