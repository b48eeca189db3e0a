import { createdAt, updatedAt, version } from '../dated-fields.ts'
import { accountProfileRows } from '../account/account.sql.ts'
import { measurementSetRows } from '../measurement-set/measurement-set.sql.ts'
import { AccountProfile, MeasurementSet, Node, Pattern } from '../refs.ts'
import { bodyMember, sealedLabel } from '../sealed-fields.ts'
import { id, plain, requiredText } from '../sql-json.ts'
import { idIn } from '../ties.ts'

Pattern.implement({
  description:
    'A sewing pattern: a design with settings, among them a copy of the measurements it was made from. Private unless made public.',
  interfaces: [Node],
  fields: (t) => ({
    id: t.id({
      scope: 'public',
      description: 'Names the pattern everywhere: `pat_…`.',
      source: id('pat'),
    }),
    design: t.string({
      scope: 'public',
      description: 'Code of the design, such as `aaron`.',
      source: requiredText('design'),
    }),
    name: t.string({
      scope: 'public',
      description: 'What the owner calls it.',
      source: sealedLabel,
    }),
    notes: t.string({
      scope: 'public',
      nullable: true,
      description: 'Markdown.',
      source: bodyMember('pattern', 'notes'),
    }),
    image: t.string({
      scope: 'public',
      nullable: true,
      description: 'URL of a picture.',
      source: bodyMember('pattern', 'image'),
    }),
    public: t.boolean({
      scope: 'public',
      description: 'Whether anybody may read it.',
      source: plain('public'),
    }),
    settings: t.field({
      type: 'JSON',
      nullable: true,
      scope: 'public',
      price: 'large-json',
      description:
        'What the pattern engine drafts from. Its measurements are a copy: lengths in millimetres, shoulderSlope in degrees.',
      source: bodyMember('pattern', 'settings'),
    }),
    data: t.field({
      type: 'JSON',
      nullable: true,
      scope: 'public',
      price: 'large-json',
      description: 'Whatever else a frontend keeps with it, in units of its own.',
      source: bodyMember('pattern', 'data'),
    }),
    createdAt: t.field(createdAt('public')),
    updatedAt: t.field(updatedAt('public')),
    version: t.int(version('public')),
    owner: t.field({
      type: AccountProfile,
      scope: 'public',
      price: 'relation',
      description: 'Whose pattern it is.',
      source: { kind: 'one', rows: accountProfileRows, on: idIn('account_id') },
    }),
    measurementSet: t.field({
      type: MeasurementSet,
      nullable: true,
      scope: 'public',
      price: 'relation',
      description:
        'The set it was made from; null where that is gone or the caller may not see it.',
      source: { kind: 'one', rows: measurementSetRows, on: idIn('measurement_set_id') },
    }),
  }),
})
