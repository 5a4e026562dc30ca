namespace PartnerPortal.SamplePartner;

internal static class CatalogueEndpoints
{
    private const int LargestPage = 100;

    public static void MapCatalogue(this IEndpointRouteBuilder app)
    {
        app.MapGet("/v1/tracks", (Catalogue catalogue, string? q, string? genre, string? after, int limit = 20) =>
            limit is < 1 or > LargestPage
                ? Results.Problem($"limit must be between 1 and {LargestPage}.", statusCode: 400, title: "Bad limit")
                : Results.Ok(catalogue.Search(q, genre, after, limit))).WithName("searchTracks");

        app.MapGet("/v1/tracks/{id}", (Catalogue catalogue, string id) =>
            catalogue.Find(id) is { } track
                ? Results.Ok(track)
                : Results.Problem($"There is no track {id} on sale.", statusCode: 404, title: "Unknown track")).WithName("getTrack");
    }
}
