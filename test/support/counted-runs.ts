import type { compileOperation } from '../../src/schema/plan/operation.ts'

/** What compiles, and how many operations that it compiled have run since. */
export function countRuns(compile: typeof compileOperation) {
  const count = { runs: 0 }
  const compileCounted: typeof compileOperation = (...compiled) => {
    const operation = compile(...compiled)
    const plan: typeof operation.plan = (standing, variables) => {
      const planned = operation.plan(standing, variables)
      return {
        ...planned,
        run(request) {
          count.runs += 1
          return planned.run(request)
        },
      }
    }
    return { ...operation, plan }
  }
  return { count, compileOperation: compileCounted }
}
