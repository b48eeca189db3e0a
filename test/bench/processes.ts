import { spawnSync } from 'node:child_process'
import { readFileSync, readdirSync } from 'node:fs'
import { availableParallelism } from 'node:os'

/** The core of the server under test, and the one that load generator and PostgreSQL share. */
const CORES = { server: '0', rest: '1' }
export type Role = keyof typeof CORES

/** Whether processes can be bound to cores here: with `taskset`, and two cores at least. */
export const CAN_PIN =
  availableParallelism() > 1 && spawnSync('taskset', ['--version']).error === undefined

/** What stands before a command so that it runs on its core; nothing where that can not be. */
export function pinned(role: Role, command: readonly string[]): readonly string[] {
  return CAN_PIN ? ['taskset', '-c', CORES[role], ...command] : command
}

/** Binds a running process, its threads and those of its children that it starts later. */
export function pinProcess(role: Role, pid: number): void {
  if (!CAN_PIN) return
  for (const each of [pid, ...childrenOf(pid)]) {
    spawnSync('taskset', ['-a', '-c', '-p', CORES[role], String(each)])
  }
}

/** CPU time of a process so far, all its threads, in microseconds: the kernel counts in hundredths of a second. */
export function cpuUs(pid: number): number {
  const { user, system } = times(pid)
  return (user + system) * US_PER_TICK
}

/** The same of a process and all the children it has or had; one that ends at this moment may be left out. */
export function familyCpuUs(pid: number): number {
  const { user, system, childUser, childSystem } = times(pid)
  const ended = (user + system + childUser + childSystem) * US_PER_TICK
  return childrenOf(pid).reduce((total, child) => total + cpuUsIfAlive(child), ended)
}

/** Resident memory in megabytes (10^6 bytes). */
export function residentMb(pid: number): number {
  const status = readFileSync(`/proc/${pid}/status`, 'utf8')
  return (Number(/^VmRSS:\s+(\d+) kB$/m.exec(status)?.[1]) * 1024) / 1e6
}

const US_PER_TICK = 10_000

function childrenOf(pid: number): number[] {
  return readdirSync('/proc')
    .filter((name) => /^\d+$/.test(name))
    .map(Number)
    .filter((child) => parentOf(child) === pid)
}

export function parentOf(pid: number): number | null {
  try {
    return Number(fields(pid)[1])
  } catch {
    // It ended between listing and reading.
    return null
  }
}

function cpuUsIfAlive(pid: number): number {
  try {
    return cpuUs(pid)
  } catch {
    // It ended between listing and reading.
    return 0
  }
}

function times(pid: number) {
  const [user = 0, system = 0, childUser = 0, childSystem = 0] = fields(pid)
    .slice(11, 15)
    .map(Number)
  return { user, system, childUser, childSystem }
}

/** What follows the program's name, which may hold spaces: state, parent, … */
function fields(pid: number): string[] {
  const stat = readFileSync(`/proc/${pid}/stat`, 'utf8')
  return stat.slice(stat.lastIndexOf(')') + 2).split(' ')
}
