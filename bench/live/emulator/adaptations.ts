import type { Template } from '../../virtual-aws/deploy.ts'

/**
 * The resource types that MiniStack cannot make, and why it does no harm to leave them out. With the concurrency of
 * mappings, this is all in which the templates that it is given differ from those that AWS is given; a test fails when
 * one is no longer needed.
 */
export const leftOut: Readonly<Record<string, string>> = {
  'AWS::Events::Archive':
    'MiniStack keeps archives over its API alone: its CloudFormation does not know the type. Nothing reads one in a run.',
}

/**
 * Invocations of one event source mapping at a time. MiniStack starts a process for each: fifty to a function, as AWS is
 * told, are more than a small machine can start while orders wait, and those that wait bring on more. How many work at
 * a time changes no call and no outcome.
 */
const concurrencyMax = 3

/** The template as MiniStack takes it. */
export const adapted = (template: Template): Template => ({
  ...template,
  Resources: Object.fromEntries(
    Object.entries(template.Resources)
      .filter(([, { Type }]) => !Object.hasOwn(leftOut, Type))
      .map(([logicalId, resource]) => [
        logicalId,
        resource.Type === 'AWS::Lambda::EventSourceMapping' ? calmed(resource) : resource,
      ]),
  ),
})

type Resource = Template['Resources'][string]

const calmed = (mapping: Resource): Resource => ({
  ...mapping,
  Properties: { ...Object(mapping.Properties), ScalingConfig: { MaximumConcurrency: concurrencyMax } },
})
