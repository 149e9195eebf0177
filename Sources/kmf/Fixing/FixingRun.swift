import ManifestRules

/// One run of `kmf validate --fix`: every input fixed where it lies and judged again.
enum FixingRun {
  static func fix(
    _ survey: InputSurvey, into state: sending ValidationRun.Progressing, threads: Int,
    includesUnsafe: Bool
  ) -> ValidationRun.Progressing {
    let inputs = survey.inputs
    let context = survey.context
    return OrderedWork.run(
      count: inputs.count, threads: threads, into: state,
      worker: {
        let validator = Validator(context)
        let fixer = Fixer(validator, includesUnsafe: includesUnsafe)
        return { FixedInput(inputs[$0], fixer, validator) }
      },
      take: { state, fixed in state.take(fixed) })
  }
}

extension ValidationRun.Progressing {
  /// Counts an input's fixes and reports what is left in it; files are fixed even when nobody reads
  /// the report.
  fileprivate mutating func take(_ fixed: FixedInput) -> Bool {
    fixes.add(fixed.fixedCount)
    fixes.unsafeLeft += fixed.part.result.unsafeFixCount
    if let bytes = fixed.output {
      standardOutput.write(bytes: bytes)
      standardOutput.flush()
    }
    if let failure = fixed.failure {
      hasUnreadable = true
      progress.clear()
      failure.complain()
    }
    if let note = fixed.note {
      progress.clear()
      Complaint.writeLine("kmf: \(note)")
    }
    _ = take(fixed.part.result)
    return true
  }
}
