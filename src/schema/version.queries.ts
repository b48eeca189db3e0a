import { builder } from './builder.ts'
import packageJson from '../../package.json' with { type: 'json' }

builder.queryField('version', (t) =>
  t.string({
    scope: 'public',
    description: 'The version of the gateway that answers.',
    source: { kind: 'constant', value: () => packageJson.version },
  }),
)
