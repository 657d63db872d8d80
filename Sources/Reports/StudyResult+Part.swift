extension StudyResult {
  /// The cells with these values alone; an axis has the values that are left.
  func part(where conditions: [Setting]) -> StudyResult {
    guard !conditions.isEmpty else { return self }
    let left = cells.filter { cell in
      conditions.allSatisfy { value(of: $0.key, in: cell) == $0.value }
    }
    return StudyResult(
      name: name, title: title, command: command, file: file,
      axes: axes.enumerated().map { index, axis in
        Axis(
          name: axis.name,
          values: axis.values.filter { value in left.contains { $0.place[index] == value } })
      },
      otherKeys: otherKeys, plots: plots, baseline: baseline, cells: left)
  }
}
