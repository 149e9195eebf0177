extension PodGeneralRules {
  static let rules: [RuleDescription] = [
    RuleDescription(
      "POD-01", "a pod has containers", bad: "spec.containers = []", "spec.containers =",
      good: "spec.containers = [{name: a, image: b}]"),
    .untestable(
      "POD-02", "a pod has a grace period",
      because: "the cluster fills it in; what is below 0 it takes for 1"),
    RuleDescription(
      "POD-03", "restartPolicy is Always, OnFailure or Never", bad: "spec.restartPolicy = always",
      good: "spec.restartPolicy = OnFailure", "spec.restartPolicy = ''"),
    RuleDescription(
      "POD-04", "dnsPolicy is ClusterFirst, ClusterFirstWithHostNet, Default or None",
      bad: "spec.dnsPolicy = Cluster", good: "spec.dnsPolicy = Default"),
    RuleDescription(
      "POD-05", "activeDeadlineSeconds is between 1 and 2147483647",
      bad: "spec.activeDeadlineSeconds = 0", "spec.activeDeadlineSeconds = 2147483648",
      good: "spec.activeDeadlineSeconds = 1"),
    RuleDescription(
      "POD-06", "a node selector's keys are keys of labels", bad: "spec.nodeSelector = {'a b': c}",
      good: "spec.nodeSelector = {example.com/a: c}"),
    RuleDescription(
      "POD-07", "a node selector's values are values of labels",
      bad: "spec.nodeSelector = {a: 'b c'}", good: "spec.nodeSelector = {a: ''}"),
    RuleDescription(
      "POD-08", "serviceAccountName is a DNS name", bad: "spec.serviceAccountName = My_Account",
      good: "spec.serviceAccountName = my.account"),
    RuleDescription(
      "POD-09", "nodeName is a DNS name", bad: "spec.nodeName = Node_1",
      good: "spec.nodeName = node-1.example.com"),
    RuleDescription(
      "POD-10", "hostname is a DNS label", bad: "spec.hostname = web.example", "spec.hostname = -a",
      good: "spec.hostname = web-1"),
    RuleDescription(
      "POD-11", "subdomain is a DNS label", bad: "spec.subdomain = a.b",
      good: "spec.subdomain = a-b"),
    RuleDescription(
      "POD-16", "priorityClassName is a DNS name", bad: "spec.priorityClassName = High",
      good: "spec.priorityClassName = high.example"),
    RuleDescription(
      "POD-17", "runtimeClassName is a DNS name where it is set", bad: "spec.runtimeClassName = ''",
      "spec.runtimeClassName = gVisor", good: "spec.runtimeClassName = gvisor"),
    RuleDescription(
      "POD-18", "preemptionPolicy is PreemptLowerPriority or Never",
      bad: "spec.preemptionPolicy = Lower", "spec.preemptionPolicy = ''",
      good: "spec.preemptionPolicy = Never"),
    .untestable(
      "POD-19", "an image pull secret has a name and nothing else",
      because: "the type has no other field"),
    RuleDescription(
      "POD-30", "os names a system", bad: "spec.os = {}", good: "spec.os = {name: linux}"),
    RuleDescription(
      "POD-31", "os.name is linux or windows", bad: "spec.os = {name: Linux}",
      good: "spec.os = {name: windows}"),
    .untestable(
      "POD-41", "schedulerName is any text", because: "the server looks at it nowhere"),
    .untestable(
      "POD-42", "priority is that of the priority class",
      because: "the classes are objects of the cluster"),
    .untestable(
      "POD-43", "ephemeral containers are added to running pods only",
      because: "findings carry the codes PODC-01 and TPL-02"),
  ]
}
