import type { AccountRole, BookmarkType, Units } from '../database/tables.generated.ts'
import type { MeasurementName } from '../measurements/definitions.ts'

export interface DemoAccount {
  readonly username: string
  readonly role: AccountRole
  readonly bio: string
}

/** A set with all measurements of a model, or one that holds only what differs from another. */
export type DemoSet = {
  readonly name: string
  readonly notes: string
  readonly units?: Units
  readonly public?: true
} & (
  | { readonly model: string }
  | {
      readonly base: string
      /** Factors on the base set's values. */
      readonly factors: { readonly [name in MeasurementName]?: number }
    }
)

export interface DemoPattern {
  /** Code of a design. */
  readonly design: string
  readonly name: string
  /** Name of a demo set. */
  readonly set: string
  readonly notes?: string
  readonly public?: true
}

export interface DemoBookmark {
  readonly type: BookmarkType
  readonly title: string
  readonly url: string
}

/** The owner of all demo sets and patterns. */
export const DEMO_USERNAME = 'demo'

export const DEMO_ACCOUNTS: readonly DemoAccount[] = [
  { username: DEMO_USERNAME, role: 'user', bio: 'Sews for friends and family, and for dolls.' },
  { username: 'curator', role: 'curator', bio: 'Looks after the curated measurement sets.' },
  { username: 'support', role: 'support', bio: 'Answers questions about accounts and keys.' },
  { username: 'admin', role: 'admin', bio: 'Runs this place.' },
]

export const DEMO_SETS: readonly DemoSet[] = [
  {
    name: 'Sasha',
    model: 'Cis-Female Adult - Size 36 (EU)',
    notes: 'Measured in **spring**, over a thin shirt. Likes room across the shoulders.',
    public: true,
  },
  {
    name: 'Sasha, with heels',
    base: 'Sasha',
    notes: 'For the long skirt: 60 mm heels, so the floor is further away.',
    factors: { waistToFloor: 1.06, inseam: 1.08 },
    public: true,
  },
  {
    name: 'Robin',
    model: 'Cis-Male Adult - Size 38 (EU)',
    notes: 'Taken by himself, so check `hpsToWaistBack` before cutting anything expensive.',
    public: true,
  },
  {
    name: 'Kim',
    model: 'Cis-Female Adult - Size 34 (EU)',
    notes: 'Without a binder. See the set that is based on this one.',
  },
  {
    name: 'Kim, with binder',
    base: 'Kim',
    notes: 'Only what the binder changes; everything else comes from the base set.',
    factors: { chest: 0.95, bustFront: 0.92, bustSpan: 0.97, highBust: 0.98, hpsToBust: 1.02 },
  },
  {
    name: 'Alex',
    model: 'Cis-Male Adult - Size 42 (EU)',
    notes: 'Wants everything a little longer than the pattern says.',
    units: 'imperial',
  },
  {
    name: 'Grandmother Ida',
    model: 'Cis-Female Adult - Size 44 (EU)',
    notes: 'Skirts without waistband, please.',
  },
  { name: 'Noor', model: 'Cis-Female Adult - Size 40 (EU)', notes: '' },
  {
    name: 'Jules',
    model: 'Cis-Male Adult - Size 34 (EU)',
    notes: 'Still growing: measure again in May.',
  },
  { name: 'Mika', model: 'Cis-Female Adult - Size 30 (EU)', notes: '', units: 'imperial' },
  {
    name: 'Big brother',
    model: 'Cis-Male Adult - Size 48 (EU)',
    notes: 'Broad. Remember the **seat** when drafting trousers.',
  },
  {
    name: 'Doll, small',
    model: 'Cis-Female Doll - 20% of adult size',
    notes: 'Seam allowance of 5 mm at most, or nothing fits through.',
    public: true,
  },
  { name: 'Doll, large', model: 'Cis-Male Doll - 50% of adult size', notes: '' },
  {
    name: 'Parade giant',
    model: 'Cis-Male Giant - 250% of adult size',
    notes: 'For the carnival figure. Print on fabric, not on paper.',
  },
]

export const DEMO_PATTERNS: readonly DemoPattern[] = [
  { design: 'brian', name: 'Block for Sasha', set: 'Sasha', public: true },
  { design: 'simon', name: 'Work shirt', set: 'Robin', notes: 'Flat felled seams.', public: true },
  { design: 'aaron', name: 'Running shirt', set: 'Robin' },
  { design: 'bruce', name: 'Boxer briefs', set: 'Robin', notes: 'Needs a four-way stretch.' },
  { design: 'teagan', name: 'Plain T-shirt', set: 'Sasha', public: true },
  { design: 'sandy', name: 'Full circle skirt', set: 'Sasha, with heels', public: true },
  { design: 'penelope', name: 'Pencil skirt', set: 'Sasha' },
  { design: 'bella', name: 'Bodice block', set: 'Kim' },
  { design: 'simon', name: 'Shirt over the binder', set: 'Kim, with binder' },
  { design: 'titan', name: 'Trouser block', set: 'Kim' },
  { design: 'charlie', name: 'Chinos', set: 'Alex', notes: 'Add 20 mm to the hem.' },
  { design: 'jaeger', name: 'Sports coat', set: 'Alex' },
  { design: 'wahid', name: 'Waistcoat', set: 'Alex' },
  { design: 'trayvon', name: 'Tie', set: 'Alex' },
  { design: 'diana', name: 'Draped top', set: 'Grandmother Ida' },
  { design: 'carlton', name: 'Winter coat', set: 'Big brother', notes: 'Wool, lined.' },
  { design: 'sven', name: 'Sweatshirt', set: 'Big brother' },
  { design: 'hugo', name: 'Hoodie with raglan sleeves', set: 'Jules' },
  { design: 'huey', name: 'Zip-up hoodie', set: 'Jules' },
  { design: 'shin', name: 'Swim trunks', set: 'Jules' },
  { design: 'cathrin', name: 'Corset', set: 'Noor' },
  { design: 'florence', name: 'Face mask', set: 'Noor', public: true },
  { design: 'aaron', name: 'Shirt for the doll', set: 'Doll, small', public: true },
  { design: 'cornelius', name: 'Parade breeches', set: 'Parade giant' },
]

export const DEMO_BOOKMARKS: readonly DemoBookmark[] = [
  { type: 'design', title: 'Brian, the block of many designs', url: '/designs/brian' },
  { type: 'doc', title: 'How to take measurements', url: '/docs/measurements' },
  { type: 'doc', title: 'Ease, and how much of it', url: '/docs/ease' },
  { type: 'custom', title: 'Fabric shop around the corner', url: 'https://fabric.example.org/' },
]
