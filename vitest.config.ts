import { defineConfig } from 'vitest/config'

export default defineConfig({
  test: {
    include: ['**/*.test.ts'],
    // These need the emulator: `npm run test:emulator`.
    exclude: ['node_modules/**', 'cdk.out/**', '.cache/**', '**/*.emulator.test.ts'],
    testTimeout: 120_000,
    hookTimeout: 120_000,
    env: { AWS_SDK_JS_NODE_VERSION_SUPPORT_WARNING_DISABLED: 'true' },
  },
})
