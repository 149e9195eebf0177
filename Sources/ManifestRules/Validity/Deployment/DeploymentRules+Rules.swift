extension DeploymentRules {
  static let rules: [RuleDescription] = [
    RuleDescription(
      "DEP-01", "The number of replicas is not negative.", on: .deployment,
      bad: "spec.replicas = -1", good: "spec.replicas = 0"),
    RuleDescription(
      "DEP-02", "A Deployment has a selector.", on: .deployment, bad: "spec.selector =",
      "spec.selector = null", good: "spec.selector = {matchLabels: {app: web}}"),
    .untestable(
      "DEP-03", "The selector follows the rules of label selectors.",
      because: "each of those rules has its own id (LSEL-*) and examples"),
    RuleDescription(
      "DEP-04", "The selector asks for something.", on: .deployment, bad: "spec.selector = {}",
      "spec.selector = {matchLabels: {}, matchExpressions: []}",
      good: "spec.selector = {matchExpressions: [{key: app, operator: Exists}]}"),
    RuleDescription(
      "DEP-05", "The selector can be used as a whole.", on: .deployment,
      bad: "spec.selector = {matchExpressions: [{key: app, operator: Exists, values: [web]}]}",
      good: "spec.selector = {matchExpressions: [{key: app, operator: In, values: [web]}]}"),
    RuleDescription(
      "DEP-06", "The labels of the template satisfy the selector.", on: .deployment,
      bad: "spec.template.metadata.labels = {app: api}", "spec.template.metadata =",
      "spec.selector.matchExpressions = [{key: tier, operator: Exists}]",
      good: "spec.template.metadata.labels = {app: web, tier: front}",
      "spec.selector.matchExpressions = [{key: tier, operator: DoesNotExist}]"),
    .untestable(
      "DEP-07", "The template follows the rules of pods.",
      because: "each of those rules has its own id and examples"),
    RuleDescription(
      "DEP-08", "The pods of a Deployment always restart.", on: .deployment,
      bad: "spec.template.spec.restartPolicy = Never",
      good: "spec.template.spec.restartPolicy = Always", "spec.template.spec.restartPolicy = ''"),
    RuleDescription(
      "DEP-09", "The pods of a Deployment have no deadline.", on: .deployment,
      bad: "spec.template.spec.activeDeadlineSeconds = 60",
      good: "spec.template.spec.terminationGracePeriodSeconds = 60"),
    RuleDescription(
      "DEP-17", "The seconds that a pod must be ready are not negative.", on: .deployment,
      bad: "spec.minReadySeconds = -1", good: "spec.minReadySeconds = 0"),
    RuleDescription(
      "DEP-18", "The number of old ReplicaSets to keep is not negative.", on: .deployment,
      bad: "spec.revisionHistoryLimit = -1", good: "spec.revisionHistoryLimit = 0"),
    RuleDescription(
      "DEP-19", "The seconds that a rollout may take are not negative.", on: .deployment,
      bad: "spec.progressDeadlineSeconds = -1", good: "spec.progressDeadlineSeconds = 1"),
    RuleDescription(
      "DEP-20", "A rollout may take longer than a pod must be ready; the default is 600 seconds.",
      on: .deployment, bad: "spec.minReadySeconds = 600", "spec.progressDeadlineSeconds = 0",
      good: "spec.minReadySeconds = 599",
      "spec.minReadySeconds = 600\nspec.progressDeadlineSeconds = 601"),
    RuleDescription(
      "DEP-21", "The annotation 'deprecated.deployment.rollback.to' holds a revision.",
      on: .deployment,
      bad: "metadata.annotations = {deprecated.deployment.rollback.to: '-1'}",
      "metadata.annotations = {deprecated.deployment.rollback.to: last}",
      good: "metadata.annotations = {deprecated.deployment.rollback.to: '3'}"),
    .untestable(
      "DEP-22", "The metadata follow the rules of all objects.",
      because: "each of those rules has its own id (META-*) and examples"),
  ]
}
