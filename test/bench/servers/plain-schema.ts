/** The schema of Mercurius and Apollo: as much of the product's as the queries touch. */
export const PLAIN_SCHEMA = `
  scalar DateTime
  scalar JSON

  type Query {
    me: Account
    accounts(first: Int! = 20, after: String): AccountConnection!
  }

  type AccountConnection {
    edges: [AccountEdge!]!
    nodes: [Account!]!
  }

  type AccountEdge {
    cursor: String!
    node: Account!
  }

  type Account {
    id: ID!
    username: String!
    role: String!
    measurementSets(first: Int! = 20): MeasurementSetConnection!
  }

  type MeasurementSetConnection {
    nodes: [MeasurementSet!]!
  }

  type MeasurementSet {
    id: ID!
    name: String!
    notes: String!
    measurements: JSON!
    owner: Account
    patterns(first: Int! = 20): PatternConnection!
    createdAt: DateTime!
    updatedAt: DateTime!
  }

  type PatternConnection {
    nodes: [Pattern!]!
  }

  type Pattern {
    id: ID!
    design: String!
    name: String!
  }
`
