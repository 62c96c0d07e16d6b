import { fileURLToPath } from 'node:url'
import { bundleHandlers } from './bundle.ts'
import { orderApp } from './order-app.ts'

/** What `cdk deploy` runs: the stacks with the real bundles. */
orderApp(await bundleHandlers(fileURLToPath(new URL('../.cache/handlers', import.meta.url)))).synth()
