import { sql } from 'kysely'
import { normalizeLabel } from '../../vault/vault.ts'
import { builder } from '../builder.ts'
import { pageArguments } from '../connection.ts'
import {
  AccountProfileConnection,
  MeasurementSetConnection,
  PatternConnection,
} from '../connections.ts'
import {
  measurementSetArguments,
  measurementSetPage,
} from '../measurement-set/measurement-set.queries.ts'
import { patternArguments, patternPage } from '../pattern/pattern.queries.ts'
import { AccountProfile, Node } from '../refs.ts'
import { bodyMember } from '../sealed-fields.ts'
import { id, requiredText } from '../sql-json.ts'
import { referringBy } from '../ties.ts'
import { ACCOUNT_ORDERS, accountProfileRows } from './account.sql.ts'
import { FROM_STAFF_LEVEL } from '../staff-level.ts'

AccountProfile.implement({
  description: 'An account as others see it.',
  interfaces: [Node],
  fields: (t) => ({
    id: t.id({
      scope: 'public',
      description: 'Names the account everywhere: `acc_…`.',
      source: id('acc'),
    }),
    username: t.string({
      scope: 'public',
      description: 'Unique, whatever the letter case.',
      source: requiredText('username'),
    }),
    bio: t.string({
      scope: 'public',
      nullable: true,
      description: 'Markdown.',
      source: bodyMember('account', 'bio'),
    }),
    image: t.string({
      scope: 'public',
      nullable: true,
      description: 'URL of a picture.',
      source: bodyMember('account', 'image'),
    }),
    measurementSets: t.field({
      type: MeasurementSetConnection,
      scope: 'public',
      price: 'connection',
      description: `Measurement sets of the account that the caller may see: public ones, own ones, all ${FROM_STAFF_LEVEL}.`,
      args: { ...pageArguments, ...measurementSetArguments },
      source: { ...measurementSetPage, on: referringBy('account_id') },
    }),
    patterns: t.field({
      type: PatternConnection,
      scope: 'public',
      price: 'connection',
      description: `Patterns of the account that the caller may see: public ones, own ones, all ${FROM_STAFF_LEVEL}.`,
      args: { ...pageArguments, ...patternArguments },
      source: { ...patternPage, on: referringBy('account_id') },
    }),
  }),
})

builder.queryFields((t) => ({
  account: t.field({
    type: AccountProfile,
    nullable: true,
    scope: 'public',
    price: 'relation',
    description:
      'The account with this username; null where there is none that the caller may see.',
    args: {
      username: t.arg.string({ required: true, description: 'Letter case does not matter.' }),
    },
    source: {
      kind: 'one',
      rows: accountProfileRows,
      on: {
        condition: ({ row, bind }) =>
          sql`${sql.ref(`${row}.username_key`)} = ${bind(({ username }) => normalizeLabel(String(username)))}::text`,
      },
    },
  }),
  accounts: t.field({
    type: AccountProfileConnection,
    scope: 'accounts:read',
    price: 'connection',
    description: 'All accounts, by username.',
    args: {
      ...pageArguments,
      usernameStartsWith: t.arg.string({
        description: 'Only usernames that begin so; letter case does not matter.',
      }),
    },
    source: {
      kind: 'page',
      rows: accountProfileRows,
      on: null,
      orders: ACCOUNT_ORDERS,
      order: () => 'USERNAME',
      filters: [
        {
          value: ({ usernameStartsWith }) => usernameStartsWith,
          bind: (start) => normalizeLabel(String(start)),
          where: (row, start) =>
            sql`starts_with(${sql.ref(`${row}.username_key`)}, ${start}::text)`,
        },
      ],
    },
  }),
}))
