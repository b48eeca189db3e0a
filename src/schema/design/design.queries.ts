import { builder } from '../builder.ts'
import { connectionOf, pageArguments } from '../connection.ts'
import { Design } from './design.ts'
import { codeIs, DESIGN_ORDERS, designRows, FITTING } from './design.sql.ts'

const DesignConnection = connectionOf('Design', Design)

builder.queryFields((t) => ({
  design: t.field({
    type: Design,
    nullable: true,
    scope: 'public',
    price: 'relation',
    description: 'One design; null where there is none of this code.',
    args: { code: t.arg.string({ required: true, description: 'Such as `aaron`.' }) },
    source: { kind: 'one', rows: designRows, on: codeIs },
  }),
  designs: t.field({
    type: DesignConnection,
    scope: 'public',
    price: 'connection',
    description: 'The sewing designs that are known, by code.',
    args: {
      ...pageArguments,
      fitting: t.arg.id({
        description:
          'Only designs for which this set has all that is needed, its base sets included: `set_…` or `cur_…`. None where there is no such set or the caller may not see it.',
      }),
    },
    source: {
      kind: 'page',
      rows: designRows,
      on: null,
      orders: DESIGN_ORDERS,
      order: () => 'CODE',
      filters: FITTING,
    },
  }),
}))
