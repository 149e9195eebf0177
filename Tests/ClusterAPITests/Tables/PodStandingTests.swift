import ClusterAPI
import ManifestSchema
import ManifestSyntax
import Testing

private let now = Time(seconds: 1_767_225_600)

/// A pod's cells under READY, STATUS and RESTARTS.
private func cells(_ yaml: String) -> String {
  let pod = Golden.objects(inYAML: yaml).first ?? .emptyMap
  let table = Table(
    of: [pod], kind: GroupVersionKind(group: "", version: "v1", kind: "Pod"), now: now)
  return table.rows[0].cells[1...3].compactMap(\.string).joined(separator: " ")
}

private let cases: [(name: String, cells: String, pod: String)] = [
  ("pending", "0/1 Pending 0", "{spec: {containers: [{}]}, status: {phase: Pending}}"),
  (
    "gated", "0/1 SchedulingGated 0",
    """
    {spec: {containers: [{}]}, status: {phase: Pending,
      conditions: [{type: PodScheduled, status: 'False', reason: SchedulingGated}]}}
    """
  ),
  (
    "running", "1/2 Running 3 (5m ago)",
    """
    {spec: {containers: [{}, {}]}, status: {phase: Running, containerStatuses: [
      {ready: true, restartCount: 3, state: {running: {}},
       lastState: {terminated: {finishedAt: '2025-12-31T23:55:00Z'}}},
      {ready: false, restartCount: 0, state: {running: {}}}]}}
    """
  ),
  (
    "the first container has the last word", "0/2 CrashLoopBackOff 4",
    """
    {spec: {containers: [{}, {}]}, status: {phase: Running, containerStatuses: [
      {restartCount: 4, state: {waiting: {reason: CrashLoopBackOff}}},
      {restartCount: 0, state: {waiting: {reason: ImagePullBackOff}}}]}}
    """
  ),
  (
    "completed", "0/1 Completed 0",
    """
    {spec: {containers: [{}]}, status: {phase: Succeeded, containerStatuses: [
      {state: {terminated: {reason: Completed, exitCode: 0}}}]}}
    """
  ),
  (
    "one completed, one running and ready", "1/2 Running 0",
    """
    {spec: {containers: [{}, {}]}, status: {phase: Running,
      conditions: [{type: Ready, status: 'True'}], containerStatuses: [
      {state: {terminated: {reason: Completed, exitCode: 0}}},
      {ready: true, state: {running: {}}}]}}
    """
  ),
  (
    "one completed, one running, the pod not ready", "1/2 NotReady 0",
    """
    {spec: {containers: [{}, {}]}, status: {phase: Running, containerStatuses: [
      {state: {terminated: {reason: Completed, exitCode: 0}}},
      {ready: true, state: {running: {}}}]}}
    """
  ),
  (
    "one completed, one failed", "0/2 Error 0",
    """
    {spec: {containers: [{}, {}]}, status: {phase: Failed, containerStatuses: [
      {state: {terminated: {reason: Completed, exitCode: 0}}},
      {state: {terminated: {reason: Error, exitCode: 1}}}]}}
    """
  ),
  (
    "ended without a reason", "0/1 ExitCode:2 0",
    """
    {spec: {containers: [{}]}, status: {phase: Failed, containerStatuses: [
      {state: {terminated: {exitCode: 2}}}]}}
    """
  ),
  (
    "second init container", "0/1 Init:1/2 0",
    """
    {spec: {containers: [{}], initContainers: [{name: a}, {name: b}]}, status: {phase: Pending,
      initContainerStatuses: [{name: a, state: {terminated: {exitCode: 0}}},
        {name: b, state: {running: {}}}],
      containerStatuses: [{state: {waiting: {reason: PodInitializing}}}]}}
    """
  ),
  (
    "init container crashes", "0/1 Init:CrashLoopBackOff 2",
    """
    {spec: {containers: [{}], initContainers: [{name: a}]}, status: {phase: Pending,
      initContainerStatuses: [
        {name: a, restartCount: 2, state: {waiting: {reason: CrashLoopBackOff}}}]}}
    """
  ),
  (
    "init container killed", "0/1 Init:Signal:9 0",
    """
    {spec: {containers: [{}], initContainers: [{name: a}]}, status: {phase: Pending,
      initContainerStatuses: [{name: a, state: {terminated: {exitCode: 137, signal: 9}}}]}}
    """
  ),
  (
    "sidecar", "2/2 Running 1",
    """
    {spec: {containers: [{}], initContainers: [{name: a, restartPolicy: Always}]},
     status: {phase: Running, initContainerStatuses: [
        {name: a, restartCount: 1, started: true, ready: true, state: {running: {}}}],
      containerStatuses: [{ready: true, state: {running: {}}}]}}
    """
  ),
  (
    "terminating", "1/1 Terminating 0",
    """
    {metadata: {deletionTimestamp: '2026-01-01T00:00:00Z'}, spec: {containers: [{}]},
     status: {phase: Running, containerStatuses: [{ready: true, state: {running: {}}}]}}
    """
  ),
  (
    "lost node", "0/1 Unknown 0",
    """
    {metadata: {deletionTimestamp: '2026-01-01T00:00:00Z'}, spec: {containers: [{}]},
     status: {phase: Running, reason: NodeLost}}
    """
  ),
  (
    "evicted", "0/1 Evicted 0",
    "{spec: {containers: [{}]}, status: {phase: Failed, reason: Evicted}}"
  ),
  ("nothing known", "0/0  0", "{}"),
]

@Test("a pod's row says how its containers are doing")
func podsSayHowTheyAreDoing() {
  for entry in cases { #expect(cells(entry.pod) == entry.cells, "\(entry.name)") }
}
