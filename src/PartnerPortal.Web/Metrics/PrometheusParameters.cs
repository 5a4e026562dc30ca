using System.Globalization;
using PartnerPortal.TimeSeries.PromQl;

namespace PartnerPortal.Web.Metrics;

/// <summary>A request that Prometheus's API would answer with <c>bad_data</c>.</summary>
internal sealed class PrometheusRefused(string error) : Exception(error)
{
    public static PrometheusRefused Parameter(string name, string error) => new($"invalid parameter \"{name}\": {error}");
}

/// <summary>The parameters of a request, from its form and its address.</summary>
internal sealed class PrometheusParameters
{
    /// <summary>The last instant that a date can name, in milliseconds since 1970.</summary>
    public const long Latest = 253_402_300_799_999;

    private readonly IFormCollection? _form;
    private readonly IQueryCollection _query;

    private PrometheusParameters(IQueryCollection query, IFormCollection? form) => (_query, _form) = (query, form);

    public static async Task<PrometheusParameters> ReadAsync(HttpRequest request, CancellationToken cancel) =>
        new(request.Query, request.HasFormContentType ? await request.ReadFormAsync(cancel) : null);

    /// <summary>A parameter's value, or the empty text.</summary>
    public string this[string name] => All(name) is [var first, ..] ? first : "";

    /// <summary>All values of a parameter, those of the form first.</summary>
    public IReadOnlyList<string> All(string name) => [.. Of(_form?[name]), .. Of(_query[name])];

    /// <summary>An instant in milliseconds since 1970: seconds with decimals, or RFC 3339.</summary>
    public long Time(string name, long otherwise)
    {
        var text = this[name];
        if (text.Length == 0)
        {
            return otherwise;
        }

        if (double.TryParse(text, NumberStyles.Float, CultureInfo.InvariantCulture, out var seconds) && Math.Abs(seconds) < Latest / 1000d)
        {
            return (long)Math.Round(seconds * 1000);
        }

        return text.Length > 10 && text[10] is 'T' or 't' && DateTimeOffset.TryParse(text, CultureInfo.InvariantCulture, DateTimeStyles.AssumeUniversal, out var instant)
            ? instant.ToUnixTimeMilliseconds()
            : throw PrometheusRefused.Parameter(name, $"cannot parse \"{text}\" to a valid timestamp");
    }

    /// <summary>A length of time: seconds with decimals, or <c>1h30m</c>.</summary>
    public TimeSpan Duration(string name)
    {
        var text = this[name];
        if (double.TryParse(text, NumberStyles.Float, CultureInfo.InvariantCulture, out var seconds) && Math.Abs(seconds) < TimeSpan.MaxValue.TotalSeconds / 2)
        {
            return TimeSpan.FromMilliseconds(Math.Round(seconds * 1000));
        }

        return PromDuration.TryRead(text, out var duration) ? duration : throw PrometheusRefused.Parameter(name, $"cannot parse \"{text}\" to a valid duration");
    }

    /// <summary>The expression in <c>query</c>.</summary>
    public Expression Query()
    {
        var text = this["query"];
        try
        {
            return Expression.Parse(text);
        }
        catch (ExpressionRefused refused)
        {
            throw PrometheusRefused.Parameter("query", $"{Place(text, refused.Position)}: parse error: {refused.Reason}");
        }
    }

    /// <summary>The selectors in <c>match[]</c>.</summary>
    public IReadOnlyList<Selector> Matches() => [.. All("match[]").Select(Match)];

    /// <summary>The limits of a query: its own <c>timeout</c> may only shorten ours.</summary>
    public QueryLimits Limits()
    {
        var usual = QueryLimits.Usual;
        return this["timeout"].Length == 0 || Duration("timeout") is var wanted && wanted > usual.MostTime ? usual : usual with { MostTime = wanted };
    }

    private static Selector Match(string text)
    {
        try
        {
            return Expression.Parse(text) is SelectorExpression selector
                ? selector.Selector
                : throw PrometheusRefused.Parameter("match[]", $"\"{text}\" is not a selector");
        }
        catch (ExpressionRefused refused)
        {
            throw PrometheusRefused.Parameter("match[]", $"{Place(text, refused.Position)}: parse error: {refused.Reason}");
        }
    }

    /// <summary>Line and column from 1.</summary>
    private static string Place(string text, int position)
    {
        var before = text.AsSpan(0, Math.Min(position, text.Length));
        return FormattableString.Invariant($"{before.Count('\n') + 1}:{position - before.LastIndexOf('\n')}");
    }

    private static IEnumerable<string> Of(Microsoft.Extensions.Primitives.StringValues? values) => (values ?? default).OfType<string>();
}
