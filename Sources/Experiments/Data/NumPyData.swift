import Foundation
import Streams

/// Data sets in one NumPy archive each, as Keras' `mnist.npz` and MedMNIST have them.
struct NumPyData: DataKind {
  let files = ".npz archives"

  func sets(in folder: DataFolder) -> [any StoredData] {
    folder.files.filter { !$0.hasPrefix(".") && $0.lowercased().hasSuffix(".npz") }.map {
      NumPyArchive(file: $0, place: "\(folder.path)/\($0)")
    }
  }
}

/// One archive.
private struct NumPyArchive: StoredData {
  let file: String
  let place: String

  var name: String? { String(file.dropLast(4)) }
  var flaw: String? { nil }
  var size: DataSize { .bytes(DataFolder.byteCount(of: [place])) }

  /// What arrays are called that are the training images and labels and the test images and labels,
  /// in small letters; others in the archive are left alone.
  private static let parts = [
    ["x_train", "y_train", "x_test", "y_test"],
    ["train_images", "train_labels", "test_images", "test_labels"],
    ["train_data", "train_labels", "test_data", "test_labels"],
  ]
  /// What arrays are called that are all images and all labels.
  private static let wholes = [["images", "labels"], ["data", "labels"], ["x", "y"]]

  func load(as name: String) throws(DataError) -> DataSet {
    let archive = try ZipArchive(
      DataFolder.bytes(of: place, kind: "an .npz archive"), file: place)
    // `x_train.npy` is the array `x_train`.
    var members: [String: String] = [:]
    for member in archive.names {
      members[member.lowercased().replacing(/\.npy$/, with: "")] = member
    }
    func found(_ keys: [[String]]) -> [String]? {
      keys.first { $0.allSatisfy { members[$0] != nil } }
    }
    func images(_ keys: ArraySlice<String>) throws(DataError) -> NumPyImages {
      var arrays: [(array: NumPyArray, name: String)] = []
      for key in keys {
        let member = members[key] ?? key
        let name = "\(place)/\(member)"
        arrays.append((try NumPyArray(archive.content(of: member), named: name), name))
      }
      return try NumPyImages(
        arrays[0].array, named: arrays[0].name, labels: arrays[1].array, named: arrays[1].name)
    }
    let parts: (train: any Examples, test: any Examples)
    if let keys = found(Self.parts) {
      parts = try NumPyImages.parts(train: images(keys[..<2]), test: images(keys[2...]))
    } else if let keys = found(Self.wholes) {
      parts = try images(keys[...]).parts()
    } else {
      throw DataError(
        "\(place) has the arrays \(members.keys.sorted().joined(separator: ", ")); call them "
          + "x_train, y_train, x_test and y_test, or images and labels")
    }
    return try DataSet(name: name, train: parts.train, test: parts.test)
  }
}
