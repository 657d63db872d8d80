import Foundation
import Streams
import Tensors

/// Data sets of PNG images in a folder for each class.
///
/// `train/CLASS/*.png` and `test/CLASS/*.png`; where there is no `train`, `CLASS/*.png`, of which
/// every sixth image of a class, in the order of names, is a test image.
struct ImageFolderData: DataKind {
  let files = "folders of PNG images (train/CLASS/*.png, test/CLASS/*.png)"

  func sets(in folder: DataFolder) -> [any StoredData] {
    if folder.folders.contains("train") {
      // Without a class of images in it, it is something else.
      guard let train = try? folder.inner("train"), !Self.classes(train).isEmpty else { return [] }
      return [ImageFolders(place: folder.path, classes: [], missesTest: !hasTest(folder))]
    }
    let classes = Self.classes(folder)
    // One folder of images among others may be anything.
    guard classes.count > 1, classes.count == folder.folders.count else { return [] }
    return [ImageFolders(place: folder.path, classes: classes, missesTest: false)]
  }

  private func hasTest(_ folder: DataFolder) -> Bool { folder.folders.contains("test") }

  /// Folders in it that have images.
  fileprivate static func classes(_ folder: DataFolder) -> [String] {
    folder.folders.filter { name in
      guard let inner = try? folder.inner(name) else { return false }
      return inner.files.contains(where: isImage)
    }
  }

  fileprivate static func isImage(_ name: String) -> Bool {
    !name.hasPrefix(".") && name.lowercased().hasSuffix(".png")
  }
}

/// The folders of one data set.
private struct ImageFolders: StoredData {
  let name: String? = nil
  let place: String
  /// Where there is no `train`.
  let classes: [String]
  let missesTest: Bool

  var parts: Set<String> { Set(classes.isEmpty ? ["train", "test"] : classes) }
  var flaw: String? { missesTest ? "missing the folder test beside train" : nil }

  var size: DataSize {
    let parts = classes.isEmpty ? ["train", "test"] : [""]
    let counts = parts.compactMap { part -> Int? in
      guard let folder = try? DataFolder(part.isEmpty ? place : "\(place)/\(part)") else {
        return nil
      }
      return folder.folders.reduce(0) { sum, name in
        sum + ((try? folder.inner(name))?.files.count(where: ImageFolderData.isImage) ?? 0)
      }
    }
    return .words("\(counts.map(String.init).joined(separator: " and ")) PNG images")
  }

  /// An image of a class.
  private struct File {
    let path: String
    let label: Int32
  }

  func load(as name: String) throws(DataError) -> DataSet {
    guard !missesTest else {
      throw DataError(
        "\(place) has a folder train but no folder test; add it, or put the folders of the classes "
          + "into \(place) itself, to have every sixth image tested")
    }
    let folder = try DataFolder(classes.isEmpty ? "\(place)/train" : place)
    let names = ClassNames(folder.folders)
    var train = try files(in: folder, names)
    var test: [File]
    if classes.isEmpty {
      test = try files(in: DataFolder("\(place)/test"), names)
    } else {
      let split = HoldOut.split(train.map(\.label))
      (train, test) = (split.train.map { train[$0] }, split.test.map { train[$0] })
    }
    var reader = ImageReader()
    return try DataSet(
      name: name, train: reader.read(train), test: reader.read(test), words: names.words,
      readingFactor: 1)
  }

  /// Images of a part, by class and name.
  private func files(in folder: DataFolder, _ names: ClassNames) throws(DataError) -> [File] {
    var files: [File] = []
    for name in names.sorted(folder.folders) {
      guard let label = names.label(of: name) else {
        throw DataError(
          "\(folder.path)/\(name) is a class that \(place)/train has not; take both from the same "
            + "data set")
      }
      let inner = try folder.inner(name)
      let images = inner.files.filter(ImageFolderData.isImage)
      guard !images.isEmpty else {
        throw DataError("\(inner.path) has no PNG images; add some or take the folder out")
      }
      files += images.sorted(by: ClassNames.precedes).map {
        File(path: "\(inner.path)/\($0)", label: label)
      }
    }
    return files
  }

  /// Reads the images of both parts, which are all of one size.
  private struct ImageReader {
    private var first: (file: String, shape: ImageShape)?

    mutating func read(_ files: [File]) throws(DataError) -> ImageSet {
      var pixels: [UInt8] = []
      for file in files {
        let bytes = try DataFolder.bytes(of: file.path, kind: "a PNG image")
        let shape = try PNGImage.shape(of: bytes, file: file.path)
        let first = first ?? (file.path, shape)
        self.first = first
        guard shape == first.shape else {
          throw DataError(
            "\(file.path) has \(Self.words(shape)) where \(first.file) has "
              + "\(Self.words(first.shape)); give all images one size and one number of channels")
        }
        if pixels.isEmpty {
          guard files.count <= DataLimits.byteCountMaximum / shape.count else {
            throw DataError(
              "\(files.count) images of \(Self.words(shape)), as \(file.path) is one, are more "
                + "than the \(DataLimits.byteCountMaximum >> 30) GiB that a data set may have; "
                + "give fewer or smaller ones")
          }
          pixels.reserveCapacity(files.count * shape.count)
        }
        try PNGImage.append(bytes, shape: shape, file: file.path, to: &pixels)
      }
      return ImageSet(
        shape: first?.shape ?? ImageShape(height: 1, width: 1), pixels: pixels,
        labels: files.map(\.label))
    }

    private static func words(_ shape: ImageShape) -> String {
      "\(shape.height)×\(shape.width) pixels in \(shape.channels) "
        + (shape.channels == 1 ? "channel" : "channels")
    }
  }
}
