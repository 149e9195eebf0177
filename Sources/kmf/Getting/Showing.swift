import ClusterAPI
import ControlPlane
import ManifestSchema
import ManifestSyntax
import ObjectPrinting

/// How objects are shown; the same for a single answer and for the events of a watch.
struct Showing {
  var form: OutputForm
  var table = TableText.Options()
  var order: ObjectOrder?
  var showsManagedFields = false
  var showsKind = false

  init(form: OutputForm) { self.form = form }

  /// The objects in the order asked for.
  func sorted(_ objects: [Value]) throws(CommandFailure) -> [Value] {
    guard let order else { return objects }
    do throws(JSONPathError) {
      return try order.sorted(objects)
    } catch {
      throw CommandFailure("--sort-by: \(error.message)")
    }
  }

  /// `object` without what was not asked for.
  func shown(_ object: Value) -> Value {
    showsManagedFields ? object : ObjectText.withoutManagedFields(object)
  }

  /// The text of objects in a form that is no table.
  ///
  /// - Parameter isSingle: Whether one object was asked for by its name: it is not put in a list.
  func text(_ objects: [Value], of resources: [ServedResource], isSingle: Bool)
    throws(CommandFailure) -> String
  {
    switch form {
    case .name:
      return zip(resources, objects).map { resource, object in
        resource.shownName(object["metadata"]?["name"]?.string ?? "") + "\n"
      }.joined()
    case .columns(let columns):
      var table = PaddedColumns()
      if self.table.hasHeadings { table.add(columns.headers) }
      do throws(JSONPathError) {
        for object in objects { table.add(try columns.cells(of: object)) }
      } catch {
        throw CommandFailure("--output: \(error.message)")
      }
      return table.text
    default:
      let shown = objects.map(shown)
      return try form.text(isSingle && shown.count == 1 ? shown[0] : ObjectText.list(shown))
    }
  }
}

/// Makes tables of the objects of one kind.
struct TableMaker {
  let resource: ServedResource
  /// What a custom kind says about its columns.
  let definition: Value?
  /// The cluster's clock, from whose present ages are counted.
  private let time: ClusterTime

  init(_ resource: ServedResource, _ client: ClusterClient) {
    self.resource = resource
    time = OpenClusters.controlPlane(of: client.cluster).time
    guard resource.isCustom,
      let definitions = client.catalog.resource(
        apiVersion: "apiextensions.k8s.io/v1", kind: "CustomResourceDefinition")
    else {
      definition = nil
      return
    }
    let target = Target(resource: definitions, name: "\(resource.plural).\(resource.group)")
    // Without it the columns are a name and an age; that is worth showing too.
    definition = try? client.object(target)
  }

  func table(of objects: [Value]) -> Table {
    Table(
      of: objects, kind: resource.gvk, definition: definition, now: time.present)
  }
}
