/** Who may import whom. Each rule carries the promise that it keeps. Tests stand beside their sources and may look further. */
const notTests = '[.](test|testing)[.]ts$'
const rooms = '^(shared|orchestrated|choreographed|infra|bench)/'

const only = (name, from, allowed, comment) => ({
  name,
  comment,
  severity: 'error',
  from: { path: from, pathNot: notTests },
  to: { path: rooms, pathNot: allowed },
})

export default {
  forbidden: [
    { name: 'no-cycles', comment: 'a cycle has no beginning to read from', severity: 'error', from: {}, to: { circular: true } },
    {
      name: 'no-orphans',
      comment: 'a file that nobody reaches is dead',
      severity: 'error',
      from: { orphan: true, pathNot: [notTests, '[.]config[.]ts$', '^[.]'] },
      to: {},
    },
    { name: 'resolvable', comment: 'an import that leads nowhere proves nothing', severity: 'error', from: {}, to: { couldNotResolve: true } },
    only('shared-knows-neither-style', '^shared/', '^shared/', 'services do not know who coordinates them'),
    only('orchestrated-alone', '^orchestrated/', '^(shared|orchestrated)/', 'the two styles meet only in bench/contestants.ts'),
    only('choreographed-alone', '^choreographed/', '^(shared|choreographed)/', 'the two styles meet only in bench/contestants.ts'),
    only(
      'infra-reads-definitions',
      '^infra/(?!cli/)',
      '^(infra/(?!cli/)|shared/|orchestrated/(commands[.]ts|[^/]+[.]asl[.]json)$|choreographed/subscriptions[.]ts$)',
      'templates are made from the flow definitions, not from handlers',
    ),
    only('deploying-asks-the-bench', '^infra/cli/', '^(infra|bench)/', 'whoever deploys is told first what the bench says that it costs'),
    only('virtual-aws-knows-no-order', '^bench/virtual-aws/', '^bench/virtual-aws/', 'it executes templates; it has never heard of an order'),
    only('report-reads-results-only', '^bench/report/', '^bench/(report/|results[.]ts$)', 'a report is a function of the results'),
    {
      name: 'styles-meet-in-contestants',
      comment: 'a third style or a variant is one entry in one file',
      severity: 'error',
      from: { path: '^bench/', pathNot: [notTests, '^bench/contestants[.]ts$'] },
      to: { path: '^(orchestrated|choreographed)/' },
    },
    {
      name: 'templates-by-json',
      comment: 'CDK loads slowly: only the command line synthesises, and everybody else is handed JSON',
      severity: 'error',
      from: { path: '^(shared|orchestrated|choreographed|bench)/', pathNot: [notTests, '^bench/cli/'] },
      to: { path: '^infra/' },
    },
    {
      name: 'synth-lazily',
      comment: 'bad input is answered before CDK is loaded',
      severity: 'error',
      from: { path: '^bench/cli/', pathNot: notTests },
      to: { path: '^infra/', dependencyTypesNot: ['dynamic-import'] },
    },
    {
      name: 'cdk-only-in-infra',
      comment: 'one room knows CDK',
      severity: 'error',
      from: { path: '^(shared|orchestrated|choreographed|bench)/' },
      to: { path: 'node_modules/(aws-cdk-lib|constructs|cdk-nag)/' },
    },
    {
      name: 'runs-in-a-browser',
      comment: 'these rooms take everything as arguments, so that they run wherever JavaScript does',
      severity: 'error',
      from: {
        path: '^(shared|orchestrated|choreographed)/|^bench/(virtual-aws|scenarios|workload|measure|failure|explain|explore)/|^bench/(contestants|run|laws)[.]ts$',
        pathNot: notTests,
      },
      to: { dependencyTypes: ['core'] },
    },
    {
      name: 'tests-are-leaves',
      comment: 'nobody builds on a test',
      severity: 'error',
      from: {},
      to: { path: '[.]test[.]ts$' },
    },
    {
      name: 'testing-helpers-for-tests',
      comment: 'what only tests need stays out of the product',
      severity: 'error',
      from: { pathNot: notTests },
      to: { path: '[.]testing[.]ts$' },
    },
  ],
  options: {
    doNotFollow: { path: 'node_modules' },
    tsPreCompilationDeps: true,
    tsConfig: { fileName: 'tsconfig.json' },
    enhancedResolveOptions: { exportsFields: ['exports'], conditionNames: ['import', 'node', 'default'] },
  },
}
