// Preloaded before every command (`node -r`). Plain JavaScript that an old Node can read, because it is for old ones.
'use strict'

const fs = require('fs')
const path = require('path')

if (parseInt(process.versions.node, 10) < 24) {
  const own = path.join(__dirname, '..', '..', 'node_modules', '.bin', 'node')
  const cure = fs.existsSync(own)
    ? 'run with npm start, or another npm script: they use the Node that npm ci installed'
    : 'install Node 24 or later, then run npm ci'
  process.stderr.write('maat: Node ' + process.versions.node + ' is too old; ' + cure + '\n')
  process.exit(1)
}
