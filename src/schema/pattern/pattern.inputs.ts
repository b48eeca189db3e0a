import { SIZES } from '../../community/sizes.ts'
import { PICTURE_CHARACTERS } from '../../picture-address.ts'
import { builder } from '../builder.ts'

const ID = '`pat_…`'
const NAME = `1 to ${SIZES.nameCharacters} characters.`
const NOTES = `Markdown, at most ${SIZES.notesBytes} bytes`
const IMAGE = `The https:// address of a picture, at most ${PICTURE_CHARACTERS} characters. Nobody fetches it here`
const VERSION = 'The version that was read: where it has changed since, nothing happens.'
const SETTINGS = `What the pattern engine drafts from: an object of at most ${SIZES.jsonBytes} bytes. Its \`measurements\` are numbers, lengths in millimetres and angles in degrees, also where \`units\` says imperial: that is how they are shown`
const DATA = `Whatever else a frontend keeps with it: an object of at most ${SIZES.jsonBytes} bytes`
const SET =
  'A set that you may read, `set_…` or `cur_…`: its values, inherited ones included, become the `measurements` of the settings, unless the settings that are sent bring their own. The pattern names it as its set where it belongs to the same account'

export const CreatePatternInput = builder.inputType('CreatePatternInput', {
  description: 'A new pattern.',
  fields: (t) => ({
    account: t.id({
      description:
        'Whose it will be: another’s, for whoever may write those (access level 6); the own where it is absent.',
    }),
    design: t.string({
      required: true,
      description:
        'Code of the design, such as `aaron`: up to 64 of the signs a to z, 0 to 9 and -, a letter first. One that is not known here is accepted as well; it stays what it is.',
    }),
    name: t.string({ required: true, description: NAME }),
    notes: t.string({ description: `${NOTES}.` }),
    image: t.string({ description: `${IMAGE}.` }),
    measurementSet: t.id({ description: `${SET}.` }),
    settings: t.field({ type: 'JSON', description: `${SETTINGS}.` }),
    data: t.field({ type: 'JSON', description: `${DATA}.` }),
  }),
})

export const UpdatePatternInput = builder.inputType('UpdatePatternInput', {
  description: 'What changes of a pattern; what is absent stays.',
  fields: (t) => ({
    id: t.id({ required: true, description: ID }),
    version: t.int({ required: true, description: VERSION }),
    name: t.string({ description: NAME }),
    notes: t.string({ description: `${NOTES}; null removes them.` }),
    image: t.string({ description: `${IMAGE}; null removes it.` }),
    measurementSet: t.id({
      description: `${SET}. null has it name none, and its measurements stay.`,
    }),
    settings: t.field({
      type: 'JSON',
      description: `${SETTINGS}. They are replaced as a whole, measurements included; null removes them.`,
    }),
    data: t.field({
      type: 'JSON',
      description: `${DATA}. It is replaced as a whole; null removes it.`,
    }),
  }),
})

export const ClonePatternInput = builder.inputType('ClonePatternInput', {
  description: 'A pattern to copy.',
  fields: (t) => ({
    of: t.id({ required: true, description: 'A pattern that you may read: `pat_…`.' }),
    name: t.string({ description: `${NAME} That of the original where it is absent.` }),
  }),
})

export const DeletePatternInput = builder.inputType('DeletePatternInput', {
  description: 'A pattern to delete.',
  fields: (t) => ({
    id: t.id({ required: true, description: ID }),
    version: t.int({ description: VERSION }),
  }),
})

export const PublishPatternInput = builder.inputType('PublishPatternInput', {
  description: 'A pattern to make public, or private again.',
  fields: (t) => ({
    id: t.id({ required: true, description: ID }),
    version: t.int({ description: VERSION }),
  }),
})

export const RefreshPatternMeasurementsInput = builder.inputType(
  'RefreshPatternMeasurementsInput',
  {
    description: 'A pattern to bring up to date with its set.',
    fields: (t) => ({
      id: t.id({ required: true, description: ID }),
      version: t.int({ required: true, description: VERSION }),
    }),
  },
)
