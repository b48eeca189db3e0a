// Preloaded before every command (`node -r`). Plain JavaScript that an old Node can read, because it is for old ones.
'use strict'

const fs = require('fs')
const nodeModule = require('module')
const path = require('path')

const packages = path.join(__dirname, '..', '..', 'node_modules')

if (parseInt(process.versions.node, 10) < 24) {
  const own = path.join(packages, '.bin', 'node')
  const cure = fs.existsSync(own)
    ? 'run with npm start, or another npm script: they use the Node that npm ci installed'
    : 'install Node 24 or later, then run npm ci'
  process.stderr.write('maat: Node ' + process.versions.node + ' is too old; ' + cure + '\n')
  process.exit(1)
}

// What Node compiles is kept for the next start. Only among packages of one's own: nobody else can put code there, and npm
// ci may remove what is left there.
const found = fs.statSync(packages, { throwIfNoEntry: false })
if (nodeModule.enableCompileCache && process.getuid && found && found.uid === process.getuid()) {
  nodeModule.enableCompileCache(path.join(packages, '.cache', 'maat'))
}
