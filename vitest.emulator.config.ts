import { defineConfig } from 'vitest/config'

/** The tests that need an AWS-compatible endpoint, which is started once for all of them. */
export default defineConfig({
  test: {
    include: ['**/*.emulator.test.ts'],
    exclude: ['node_modules/**', 'cdk.out/**', '.cache/**'],
    globalSetup: ['bench/live/emulator/all-tests.testing.ts'],
    // One after the other: they share an account and two cores.
    fileParallelism: false,
    testTimeout: 120_000,
    hookTimeout: 300_000,
    env: { AWS_SDK_JS_NODE_VERSION_SUPPORT_WARNING_DISABLED: 'true' },
  },
})
