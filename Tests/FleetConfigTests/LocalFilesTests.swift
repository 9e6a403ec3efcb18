import FleetConfig
import Foundation
import Testing

struct LocalFilesTests {
    private let root = URL(filePath: #filePath).deletingLastPathComponent()

    @Test func `a directory has names and a file has none`() throws {
        let names = try LocalFiles().names(in: root.path)
        #expect(names?.contains("LocalFilesTests.swift") == true)
        #expect(try LocalFiles().names(in: #filePath) == nil)
    }

    @Test func `no more of a file is read than was asked for`() throws {
        #expect(try LocalFiles().contents(of: #filePath, atMost: 6) == Array("import".utf8))
    }

    @Test func `what isn't there is said so`() {
        #expect(throws: FileTrouble("there is no such file or directory")) {
            try LocalFiles().names(in: "/nowhere/at/all")
        }
        #expect(throws: FileTrouble("there is no such file")) {
            try LocalFiles().contents(of: "/nowhere/at/all", atMost: 1)
        }
    }

    @Test func `a directory can't be read as a file`() {
        #expect(throws: FileTrouble("it is a directory")) {
            try LocalFiles().contents(of: root.path, atMost: 1)
        }
    }

    @Test func `what would never end is not read`() {
        #expect(throws: FileTrouble("it is no regular file")) {
            try LocalFiles().contents(of: "/dev/zero", atMost: 1)
        }
    }
}
