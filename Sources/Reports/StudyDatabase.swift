import Foundation
import GRDB

/// Writes a study's cells to one SQLite file, so that people can ask it anything.
///
/// `cells` has a row a cell, `settings` every key of its experiment, `figures` what it found:
///
///     SELECT settings.value, avg(figures.value) FROM figures JOIN settings USING (hash)
///     WHERE name = 'accuracy' AND key = 'method.name' GROUP BY settings.value
///
/// Where the study names a baseline, `comparison` has a row a group, with the columns of
/// `comparison.csv`.
///
/// Names, seeds and settings are text as it was written, to the last digit: a column that likes
/// numbers would make one of `007` and `7`, and of seeds beyond 2⁶³. `settings.number` has the
/// value of those that are numbers, to sort and compare by.
public enum StudyDatabase {
  /// Writes the file as a whole or not at all, in place of an earlier one.
  ///
  /// - Throws: ``ReportError``.
  public static func write(_ study: StudyResult, to path: String) throws(ReportError) {
    let draft = path + ".partial"
    let manager = FileManager.default
    do {
      try? manager.removeItem(atPath: draft)
      let queue = try DatabaseQueue(path: draft)
      try queue.write { database in
        try database.execute(sql: tables)
        for cell in study.cells { try insert(cell, of: study, into: database) }
        try insertComparison(of: study, into: database)
      }
      try queue.close()
    } catch {
      try? manager.removeItem(atPath: draft)
      throw ReportError("cannot write \(path) (\(error)); check the space and permissions there")
    }
    guard rename(draft, path) == 0 else {
      throw ReportError("cannot write \(path); check the permissions there")
    }
  }

  /// The library's version: `3.40.1`.
  public static var libraryVersion: String {
    let number = Int(Database.sqliteLibVersionNumber)
    return "\(number / 1_000_000).\(number / 1_000 % 1_000).\(number % 1_000)"
  }

  private static let tables = """
    CREATE TABLE cells (
      hash TEXT PRIMARY KEY, folder TEXT NOT NULL, variant TEXT, seed TEXT NOT NULL,
      status TEXT NOT NULL);
    CREATE TABLE settings (
      hash TEXT NOT NULL REFERENCES cells, key TEXT NOT NULL, value TEXT NOT NULL, number REAL,
      PRIMARY KEY (hash, key));
    CREATE TABLE figures (
      hash TEXT NOT NULL REFERENCES cells, name TEXT NOT NULL, value REAL NOT NULL,
      PRIMARY KEY (hash, name));
    """

  private static func insert(
    _ cell: StudyResult.Cell, of study: StudyResult, into database: Database
  ) throws {
    let variant = study.axes.firstIndex { $0.name == "variant" }.map { cell.place[$0] }
    try database.execute(
      sql: "INSERT INTO cells VALUES (?, ?, ?, ?, ?)",
      arguments: [cell.hash, cell.folder, variant, "\(cell.seed)", cell.status])
    for setting in cell.settings {
      try database.execute(
        sql: "INSERT INTO settings VALUES (?, ?, ?, ?)",
        arguments: [cell.hash, setting.key, setting.value, number(setting.value)])
    }
    for figure in StudyFigure.all {
      guard let value = cell.value(figure) else { continue }
      try database.execute(
        sql: "INSERT INTO figures VALUES (?, ?, ?)",
        arguments: [cell.hash, figure.name, value])
    }
  }

  /// What a word says as a number, if it says one that is finite.
  private static func number(_ word: String) -> Double? {
    guard let number = Double(word), number.isFinite else { return nil }
    return number
  }

  private static func insertComparison(
    of study: StudyResult, into database: Database
  ) throws {
    guard let comparison = StudyComparison(study) else { return }
    let columns =
      study.axes.map { "\($0.name.quotedDatabaseIdentifier) TEXT NOT NULL" }
      + ["baseline TEXT NOT NULL"] + StudyComparison.columns.map { "\($0) REAL" }
      + ["front TEXT NOT NULL"]
    try database.execute(
      sql: "CREATE TABLE comparison (\(columns.joined(separator: ", ")))")
    let marks = columns.map { _ in "?" }.joined(separator: ", ")
    for row in comparison.rows {
      var values: [(any DatabaseValueConvertible)?] = row.group.place
      values.append(comparison.baselineName(row))
      values += StudyComparison.numbers(row) as [(any DatabaseValueConvertible)?]
      values.append(row.front.rawValue)
      try database.execute(
        sql: "INSERT INTO comparison VALUES (\(marks))", arguments: StatementArguments(values))
    }
  }
}
