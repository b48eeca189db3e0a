import EditorWorker from 'monaco-editor/esm/vs/editor/editor.worker.js?worker'
import JsonWorker from 'monaco-editor/esm/vs/language/json/json.worker.js?worker'
import GraphqlWorker from 'monaco-graphql/esm/graphql.worker.js?worker'

const LANGUAGE_WORKERS: Readonly<Record<string, new () => Worker>> = {
  graphql: GraphqlWorker,
  json: JsonWorker,
}

window.MonacoEnvironment = {
  getWorker: (_moduleId, label) => new (LANGUAGE_WORKERS[label] ?? EditorWorker)(),
}
