import './monaco-workers.ts'
import '@graphiql/react/style.css'
import '@graphiql/plugin-doc-explorer/style.css'
import '@graphiql/plugin-history/style.css'
import 'graphiql/graphiql.css'
import './page.css'
import { createRoot } from 'react-dom/client'
import { createKeyring } from './keyring.ts'
import { createObservableValue } from './observable-value.ts'
import { createPage } from './page.tsx'
import type { Answer } from './post-operation.ts'

const container = document.getElementById('page')
if (container === null) throw new Error('index.html lacks its #page')

const Page = createPage(createKeyring(), createObservableValue<Answer | null>(null))
createRoot(container).render(<Page />)
