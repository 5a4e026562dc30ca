namespace PartnerPortal.SamplePartner;

internal sealed record Money(string Value, string Currency);

internal sealed record Track(
    string Id, string Title, string Artist, string Album, string Genre, string Isrc, int DurationSeconds, Money Price, DateTimeOffset ReleasedAt);

internal sealed record TrackPage(IReadOnlyList<Track> Items, int Total, string? Next);

/// <summary>What is on sale. The same on every start, except that a new track comes out every ten minutes.</summary>
internal sealed class Catalogue
{
    private const int OnSaleAtStart = 480;
    private const int StillToCome = 96;

    private static readonly string[] Artists =
    [
        "Marlow Quay", "Ines Varga", "The Paper Lanterns", "Koto & Kin", "Halogen Choir", "Ruben Aske", "Nightbus 38", "Sola Adeyemi",
        "Glass Orchard", "Tomas Lind", "Velvet Parallax", "Mina Okabe", "Low Tide Radio", "Fern & Fuse", "Cassia Bloom", "Dry Dock Band",
    ];

    private static readonly string[] First =
        ["Silver", "Borrowed", "Midnight", "Paper", "Distant", "Golden", "Broken", "Electric", "Quiet", "Summer", "Winter", "Hollow"];

    private static readonly string[] Second =
        ["Letters", "Harbour", "Satellites", "Garden", "Weather", "Arcade", "Rivers", "Streetlights", "Horses", "Telegraph", "Skyline", "Tides"];

    private static readonly string[] Genres = ["indie", "electronic", "jazz", "folk", "soul", "rock", "ambient", "hip hop"];

    private static readonly string[] Prices = ["0.69", "0.99", "0.99", "1.29"];

    private readonly TimeProvider _clock;
    private readonly Track[] _tracks;
    private readonly Dictionary<string, Track> _byId;

    public Catalogue(TimeProvider clock)
    {
        _clock = clock;
        var opened = clock.GetUtcNow();
        _tracks = [.. Enumerable.Range(0, OnSaleAtStart + StillToCome).Select(n => Make(n, opened))];
        _byId = _tracks.ToDictionary(track => track.Id);
    }

    public int Size => OnSale().Count();

    public Track? Find(string id) =>
        _byId.TryGetValue(id, out var track) && track.ReleasedAt <= _clock.GetUtcNow() ? track : null;

    /// <summary>One page of what is on sale, in order of id; <paramref name="after"/> is the last id of the page before.</summary>
    public TrackPage Search(string? words, string? genre, string? after, int limit)
    {
        var found = OnSale()
            .Where(track => genre is null || track.Genre.Equals(genre, StringComparison.OrdinalIgnoreCase))
            .Where(track => string.IsNullOrWhiteSpace(words)
                || $"{track.Title} {track.Artist} {track.Album}".Contains(words.Trim(), StringComparison.OrdinalIgnoreCase))
            .ToList();
        var rest = found.Where(track => after is null || string.CompareOrdinal(track.Id, after) > 0).ToList();
        var items = rest.Take(limit).ToList();
        return new TrackPage(items, found.Count, rest.Count > limit ? items[^1].Id : null);
    }

    private IEnumerable<Track> OnSale()
    {
        var now = _clock.GetUtcNow();
        return _tracks.TakeWhile(track => track.ReleasedAt <= now);
    }

    private static Track Make(int n, DateTimeOffset opened)
    {
        var title = $"{First[n % First.Length]} {Second[n / First.Length % Second.Length]}";
        var album = $"{Second[n * 5 % Second.Length]} & {Second[(n * 7 + 3) % Second.Length]}";
        var releasedAt = n < OnSaleAtStart
            ? new DateTimeOffset(2019, 1, 4, 0, 0, 0, TimeSpan.Zero).AddDays(n * 5)
            : opened.AddMinutes(10 * (n - OnSaleAtStart + 1));
        return new Track(
            $"trk_{n + 1:D4}", title, Artists[n * 11 % Artists.Length], album, Genres[n * 3 % Genres.Length], $"SETUN{19 + n / 80:D2}{n + 1:D5}",
            140 + n * 37 % 210, new Money(Prices[n % Prices.Length], "EUR"), releasedAt);
    }
}
