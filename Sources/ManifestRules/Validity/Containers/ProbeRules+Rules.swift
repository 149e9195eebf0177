extension ProbeRules {
  static let rules: [RuleDescription] = probes + actions + hooks

  private static let probes: [RuleDescription] = [
    RuleDescription(
      "PRB-01", "a probe says what it does",
      bad: "spec.containers[0].livenessProbe = {periodSeconds: 5}",
      good: "spec.containers[0].livenessProbe = {tcpSocket: {port: 80}}"),
    RuleDescription(
      "PRB-02", "a probe does one thing",
      bad: "spec.containers[0].livenessProbe = {tcpSocket: {port: 80}, grpc: {port: 80}}",
      good: "spec.containers[0].livenessProbe = {grpc: {port: 80}}"),
    RuleDescription(
      "PRB-03", "a probe's first delay is not below zero",
      bad: "spec.containers[0].livenessProbe = {tcpSocket: {port: 80}, initialDelaySeconds: -1}",
      good: "spec.containers[0].livenessProbe = {tcpSocket: {port: 80}, initialDelaySeconds: 0}"),
    RuleDescription(
      "PRB-04", "a probe's timeout is not below zero",
      bad: "spec.containers[0].livenessProbe = {tcpSocket: {port: 80}, timeoutSeconds: -1}",
      good: "spec.containers[0].livenessProbe = {tcpSocket: {port: 80}, timeoutSeconds: 0}"),
    RuleDescription(
      "PRB-05", "a probe's period is not below zero",
      bad: "spec.containers[0].livenessProbe = {tcpSocket: {port: 80}, periodSeconds: -1}",
      good: "spec.containers[0].livenessProbe = {tcpSocket: {port: 80}, periodSeconds: 0}"),
    RuleDescription(
      "PRB-06", "the number of successes that a probe waits for is not below zero",
      bad: "spec.containers[0].readinessProbe = {tcpSocket: {port: 80}, successThreshold: -1}",
      good: "spec.containers[0].readinessProbe = {tcpSocket: {port: 80}, successThreshold: 3}"),
    RuleDescription(
      "PRB-07", "the number of failures that a probe waits for is not below zero",
      bad: "spec.containers[0].livenessProbe = {tcpSocket: {port: 80}, failureThreshold: -1}",
      good: "spec.containers[0].livenessProbe = {tcpSocket: {port: 80}, failureThreshold: 0}"),
    RuleDescription(
      "PRB-08", "a liveness probe is content with one success",
      bad: "spec.containers[0].livenessProbe = {tcpSocket: {port: 80}, successThreshold: 2}",
      good: "spec.containers[0].livenessProbe = {tcpSocket: {port: 80}, successThreshold: 1}"),
    RuleDescription(
      "PRB-09", "a startup probe is content with one success",
      bad: "spec.containers[0].startupProbe = {tcpSocket: {port: 80}, successThreshold: 2}",
      good: "spec.containers[0].startupProbe = {tcpSocket: {port: 80}, successThreshold: 0}"),
    RuleDescription(
      "PRB-10", "a probe's own period to stop is above zero",
      bad:
        """
        spec.containers[0].livenessProbe = {tcpSocket: {port: 80}, \
        terminationGracePeriodSeconds: 0}
        """,
      good:
        """
        spec.containers[0].livenessProbe = {tcpSocket: {port: 80}, \
        terminationGracePeriodSeconds: 1}
        """
    ),
    RuleDescription(
      "PRB-11", "a readiness probe has no period to stop",
      bad:
        """
        spec.containers[0].readinessProbe = {tcpSocket: {port: 80}, \
        terminationGracePeriodSeconds: 5}
        """,
      good:
        """
        spec.containers[0].startupProbe = {tcpSocket: {port: 80}, \
        terminationGracePeriodSeconds: 5}
        """
    ),
  ]

  private static let actions: [RuleDescription] = [
    RuleDescription(
      "PRB-12", "a command to run has a word at least",
      bad: "spec.containers[0].livenessProbe = {exec: {command: []}}",
      good: "spec.containers[0].livenessProbe = {exec: {command: ['']}}"),
    .untestable(
      "PRB-13", "a request has a path", because: "the server fills in '/' before it looks"),
    RuleDescription(
      "PRB-14", "a request goes to a port's number or name",
      bad: "spec.containers[0].livenessProbe = {httpGet: {port: '80'}}",
      "spec.containers[0].livenessProbe = {httpGet: {path: /}}",
      good: "spec.containers[0].livenessProbe = {httpGet: {port: undeclared}}"),
    RuleDescription(
      "PRB-15", "a request's scheme is HTTP or HTTPS, in capitals",
      bad: "spec.containers[0].livenessProbe = {httpGet: {port: 80, scheme: https}}",
      good: "spec.containers[0].livenessProbe = {httpGet: {port: 80, scheme: HTTPS}}"),
    RuleDescription(
      "PRB-16", "a header's name consists of letters, digits and hyphens",
      bad: "spec.containers[0].livenessProbe = {httpGet: {port: 80, httpHeaders: [{name: 'a b'}]}}",
      good: "spec.containers[0].livenessProbe = {httpGet: {port: 80, httpHeaders: [{name: X-a}]}}"),
    .untestable(
      "PRB-17", "the host of a request is not checked", because: "the server takes any text"),
    RuleDescription(
      "PRB-18", "a connection goes to a port's number or name",
      bad: "spec.containers[0].livenessProbe = {tcpSocket: {port: 0}}",
      good: "spec.containers[0].livenessProbe = {tcpSocket: {port: http}}"),
    RuleDescription(
      "PRB-19", "a gRPC probe goes to a port's number",
      bad: "spec.containers[0].livenessProbe = {grpc: {port: 65536}}",
      "spec.containers[0].livenessProbe = {grpc: {}}",
      good: "spec.containers[0].livenessProbe = {grpc: {port: 9000}}"),
    .untestable(
      "PRB-20", "a probed port need not be declared", because: "the server does not look"),
  ]

  private static let hooks: [RuleDescription] = [
    RuleDescription(
      "LCY-01", "a hook does one thing", bad: "spec.containers[0].lifecycle = {preStop: {}}",
      "spec.containers[0].lifecycle = {preStop: {exec: {command: [a]}, sleep: {seconds: 1}}}",
      good: "spec.containers[0].lifecycle = {preStop: {sleep: {seconds: 1}}}"),
    .untestable(
      "LCY-02", "a hook's action keeps the rules of a probe's",
      because: "findings carry the codes PRB-12 to PRB-18"),
    RuleDescription(
      "LCY-03", "a pause ends before the pod must have stopped",
      bad: "spec.containers[0].lifecycle = {preStop: {sleep: {seconds: 31}}}",
      "spec.containers[0].lifecycle = {preStop: {sleep: {seconds: -1}}}",
      good: "spec.containers[0].lifecycle = {preStop: {sleep: {seconds: 30}}}"),
    .untestable(
      "LCY-04", "a stop signal needs the pod's operating system",
      because: "the field is dropped before it is looked at (DRP-01)"),
    .untestable(
      "LCY-05", "a stop signal is one of the operating system's",
      because: "the field is dropped before it is looked at (DRP-01)"),
  ]
}
