import type { Template } from './virtual-aws/deploy.ts'

/** Changes to a template that an experiment makes before it deploys it; the original is never touched. */

/** Takes a resource out; whoever referred to it refers to `name` and `arn` from now on, which lead nowhere. */
const withoutResource = (template: Template, logicalId: string, arn: string): Template => {
  if (!(logicalId in template.Resources))
    throw new Error(`The template has no resource ${logicalId} to take out.`)
  const { [logicalId]: _removed, ...rest } = template.Resources
  const dangling = (value: unknown): unknown => {
    if (Array.isArray(value)) return value.map(dangling)
    if (value === null || typeof value !== 'object') return value
    const [[key, argument] = []] = Object.entries(value)
    if (key === 'Ref' && argument === logicalId) return logicalId
    if (key === 'Fn::GetAtt' && Array.isArray(argument) && argument[0] === logicalId) return arn
    return Object.fromEntries(Object.entries(value).map(([name, inner]) => [name, dangling(inner)]))
  }
  const resources = Object.fromEntries(
    Object.entries(rest).map(([id, resource]) => [
      id,
      { ...resource, Properties: dangling(resource.Properties) },
    ]),
  )
  return { ...template, Resources: resources }
}

/** Makes every rule deaf to events of one type; a rule that listened to nothing else is taken out. */
export const deafTo = (template: Template, detailType: string): Template => {
  let deaf: Template = template
  for (const [id, resource] of Object.entries(template.Resources)) {
    if (resource.Type !== 'AWS::Events::Rule') continue
    const properties = resource.Properties as { EventPattern: { 'detail-type': readonly string[] } }
    const heard = properties.EventPattern['detail-type']
    if (!heard.includes(detailType)) continue
    const left = heard.filter((type) => type !== detailType)
    deaf =
      left.length === 0
        ? withoutResource(deaf, id, `arn:aws:events:::rule/${id}`)
        : {
            ...deaf,
            Resources: {
              ...deaf.Resources,
              [id]: {
                ...resource,
                Properties: {
                  ...properties,
                  EventPattern: { ...properties.EventPattern, 'detail-type': left },
                },
              },
            },
          }
  }
  return deaf
}

/** Takes out who reads for a function; a function that no mapping feeds goes itself, since who calls it finds nobody. */
export const withoutConsumer = (template: Template, functionId: string): Template => {
  const mapping = functionId.replace(/Function$/, 'Mapping')
  return mapping in template.Resources
    ? withoutResource(template, mapping, `arn:aws:lambda:::event-source-mapping:${mapping}`)
    : withoutResource(template, functionId, `arn:aws:lambda:us-east-1:111122223333:function:${functionId}`)
}

/** Takes a rule out where there is one; its queue and who reads it stay, and hear nothing. */
export const withoutRule = (template: Template, ruleId: string): Template =>
  ruleId in template.Resources
    ? withoutResource(template, ruleId, `arn:aws:events:::rule/${ruleId}`)
    : template
