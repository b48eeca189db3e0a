import type { FieldNode } from 'graphql'

interface Branch {
  readonly id: number
  readonly next: Map<FieldNode, Branch>
}

/** Numbers lists of field nodes: the same nodes in the same order have the same number. */
export class NodeLists {
  #count = 1
  readonly #root: Branch = { id: 0, next: new Map() }

  idOf(nodes: readonly FieldNode[]): number {
    let branch = this.#root
    for (const node of nodes) {
      let next = branch.next.get(node)
      if (next === undefined) {
        next = { id: this.#count++, next: new Map() }
        branch.next.set(node, next)
      }
      branch = next
    }
    return branch.id
  }
}
