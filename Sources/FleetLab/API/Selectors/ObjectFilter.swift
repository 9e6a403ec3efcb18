import FleetModel

/// What a list or watch wants to see: both selectors together.
struct ObjectFilter: Sendable {
    private let labels: LabelSelector
    private let fields: FieldSelector
    /// Whether everything passes.
    let isEmpty: Bool

    init(query: APIQuery, name: String?, for type: ResourceType) throws(StatusError) {
        let labelText = query["labelSelector"] ?? ""
        let named = name.map { "metadata.name=\($0)" }
        let fieldText = [query["fieldSelector"] ?? "", named ?? ""]
            .filter { !$0.isEmpty }.joined(separator: ",")
        labels = try LabelSelector(text: labelText)
        fields = try FieldSelector(text: fieldText, for: type)
        isEmpty = labelText.isEmpty && fieldText.isEmpty
    }

    func matches(_ object: JSON) -> Bool {
        isEmpty || (labels.matches(object.labels) && fields.matches(object))
    }
}
