public import FleetModel

/// What happens to an object on its way in, as mutating webhooks do it: gets the
/// resource's id, the object with its defaults, and the store to look around in.
/// Runs outside the store's lock, for dry runs too.
public typealias Admission =
    @Sendable (_ resource: String, _ object: JSON, _ store: ClusterStore) throws(StatusError) ->
    JSON
