import { builder } from './builder.ts'
import { DEFAULT_PAGE_SIZE, MAX_PAGE_SIZE } from '../cost/page-size.ts'
import { FREE } from './directives.ts'

type NodeRef = ReturnType<typeof builder.objectRef<object>>

const PageInfo = builder.objectRef<object>('PageInfo').implement({
  description: 'Where a page lies in its list.',
  extensions: FREE,
  fields: (t) => ({
    hasNextPage: t.boolean({ scope: 'public', description: 'Whether items follow this page.' }),
    hasPreviousPage: t.boolean({
      scope: 'public',
      description: 'Whether items precede this page.',
    }),
    startCursor: t.string({
      scope: 'public',
      nullable: true,
      description: 'Cursor of the first item; null on an empty page.',
    }),
    endCursor: t.string({
      scope: 'public',
      nullable: true,
      description: 'Cursor of the last item; null on an empty page.',
    }),
  }),
})

/** The Relay connection over a type: `<name>Connection` and `<name>Edge`. */
export function connectionOf(name: string, node: NodeRef) {
  const edge = builder.objectRef<object>(`${name}Edge`).implement({
    description: `One ${name} and its place in a list.`,
    extensions: FREE,
    fields: (t) => ({
      cursor: t.string({
        scope: 'public',
        description: 'Names the place, for `after` and `before`.',
      }),
      node: t.field({
        type: node,
        scope: 'public',
        price: 'shape',
        description: `The ${name}.`,
      }),
    }),
  })
  return builder.objectRef<object>(`${name}Connection`).implement({
    description: `A page of a list; each item is one ${name}.`,
    extensions: FREE,
    fields: (t) => ({
      nodes: t.field({
        type: [node],
        scope: 'public',
        price: 'shape',
        description: 'The items of the page.',
      }),
      edges: t.field({
        type: [edge],
        scope: 'public',
        price: 'shape',
        description: 'The items of the page with their cursors.',
      }),
      pageInfo: t.field({
        type: PageInfo,
        scope: 'public',
        price: 'shape',
        description: 'Where the page lies in the list.',
      }),
      totalCount: t.int({
        scope: 'public',
        price: 'totalCount',
        description: 'Items in the whole list, over all pages.',
      }),
    }),
  })
}

/** Arguments of every connection. */
export const pageArguments = builder.args((t) => ({
  first: t.int({
    description: `Items from the start, 1 to ${MAX_PAGE_SIZE}; ${DEFAULT_PAGE_SIZE} where neither first nor last is given.`,
  }),
  after: t.string({ description: 'Only items behind this cursor.' }),
  last: t.int({
    description: `Items from the end, 1 to ${MAX_PAGE_SIZE}; not together with first.`,
  }),
  before: t.string({ description: 'Only items in front of this cursor.' }),
}))
