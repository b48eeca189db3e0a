// Prints `<passed> <failed>` of a report that vitest's JSON reporter wrote, over the kinds of test it must hold, and, to
// stderr, which ones failed and the beginning of what each of them said.
'use strict'

const fs = require('fs')
const path = require('path')

const [file, ...kinds] = process.argv.slice(2)
const { numPassedTests, numTotalTests, testResults } = JSON.parse(fs.readFileSync(file, 'utf8'))

const isOf = (kind) => (result) => result.name.startsWith(path.resolve('test', kind) + path.sep)
const empty = kinds.filter((kind) => !testResults.some(isOf(kind)))
const crashed = testResults.filter(
  ({ status, assertionResults }) =>
    status !== 'passed' && assertionResults.every((test) => test.status === 'passed'),
)
for (const { name, message, assertionResults } of testResults) {
  const of = path.relative('.', name)
  for (const { status, fullName, failureMessages } of assertionResults) {
    if (status === 'passed') continue
    const said = (failureMessages ?? []).join('\n').split('\n').slice(0, 12)
    console.error([`${of}: ${fullName}: ${status}`, ...said].join('\n  '))
  }
  if (crashed.some((result) => result.name === name)) console.error(`${of}: ${message}`)
}
for (const kind of empty) console.error(`test/${kind}: no test ran`)
// A skipped test is a failed one.
const failed = numTotalTests - numPassedTests + empty.length + crashed.length
process.stdout.write(`${numPassedTests} ${failed}\n`)
