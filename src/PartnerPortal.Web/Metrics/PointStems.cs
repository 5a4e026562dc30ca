using System.Buffers;
using PartnerPortal.TimeSeries.PromQl;

namespace PartnerPortal.Web.Metrics;

/// <summary>The beginnings of a range's points, <c>[1700000000,"</c>: written once for all series of an answer, since they share their times.</summary>
internal sealed class PointStems : IDisposable
{
    private readonly byte[] _text;
    private readonly int[] _ends;

    public PointStems(Steps steps)
    {
        // Borrowed: they are large, and every answer needs them.
        _text = ArrayPool<byte>.Shared.Rent(steps.Count * (PrometheusNumbers.LongestTime + 3));
        _ends = ArrayPool<int>.Shared.Rent(steps.Count);
        var at = 0;
        for (var i = 0; i < steps.Count; i++)
        {
            at += Write(steps[i], _text.AsSpan(at));
            _ends[i] = at;
        }
    }

    /// <summary>The beginning of a single point: for one series alone there is nothing to share.</summary>
    public static int Write(long time, Span<byte> to)
    {
        to[0] = (byte)'[';
        var at = 1 + PrometheusNumbers.WriteTime(time, to[1..]);
        to[at++] = (byte)',';
        to[at++] = (byte)'"';
        return at;
    }

    public void Dispose()
    {
        ArrayPool<byte>.Shared.Return(_text);
        ArrayPool<int>.Shared.Return(_ends);
    }

    /// <summary>Copies the beginning of a point; says how long it is.</summary>
    public int Write(int step, Span<byte> to)
    {
        var start = step == 0 ? 0 : _ends[step - 1];
        _text.AsSpan(start, _ends[step] - start).CopyTo(to);
        return _ends[step] - start;
    }
}
