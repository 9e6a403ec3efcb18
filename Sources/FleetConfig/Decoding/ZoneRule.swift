import Foundation

/// What a time zone may be called: as the IANA database calls it, by a place.
///
/// An abbreviation such as `CET` or `GMT+2` doesn't say when summer time begins, and
/// `Etc/GMT+2` lies two hours west of Greenwich, where nobody expects it.
enum ZoneRule {
    private static let worldwide = ["UTC", "Etc/UTC"]
    /// Parts of the database that hold no places.
    private static let areasWithoutPlaces: [Substring] = ["Etc", "SystemV"]

    static func holds(for name: String) -> Bool {
        (worldwide.contains(name) || isPlace(name)) && TimeZone(identifier: name) != nil
    }

    static func isPlace(_ name: String) -> Bool {
        guard let slash = name.firstIndex(of: "/") else { return false }
        return !areasWithoutPlaces.contains(name[..<slash])
    }

    /// The zone that was meant, if that can be told: by a slip away, or by its place alone.
    static func nearest(to name: String) -> String? {
        let places = TimeZone.knownTimeZoneIdentifiers.filter(isPlace)
        if isPlace(name) { return NearestWord.to(name, among: places) }
        let ending = "/\(name)".lowercased()
        return places.first { $0.lowercased().hasSuffix(ending) }
    }
}
