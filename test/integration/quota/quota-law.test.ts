import { postgresBudgets } from '../../support/postgres-budgets.ts'
import { quotaLaw } from '../../support/quota-law.ts'
import { testDatabase } from '../../support/test-database.ts'

quotaLaw(postgresBudgets(await testDatabase()))
