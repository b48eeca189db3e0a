// Prints `<passed> <failed>` of a report that vitest's JSON reporter wrote, over the kinds of test it must hold.
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
// A skipped test is a failed one.
const failed = numTotalTests - numPassedTests + empty.length + crashed.length
process.stdout.write(`${numPassedTests} ${failed}\n`)
