"""Count how questions did: one statement over all marked places, whatever their number.

Source: classical test theory: difficulty P is the mean share of points, discrimination the corrected
point-biserial correlation (item against the rest of the paper), and D of the upper and lower 27 percent
(Kelley 1939).
"""

from datetime import datetime
from typing import Final

from django.db import connection, transaction

FEWEST: Final = 2  # attempts before anything is said
# Ranked within their exam: an exam's own best and weakest.
_COUNT: Final = """
INSERT INTO courses_questionstatistic (question_id, answers, ease, biserial, spread, computed_at)
SELECT question_id, n, sx / n,
       (n * sxy - sx * sy) / NULLIF(SQRT(
         CASE WHEN n * sxx - sx * sx > 1e-9 THEN n * sxx - sx * sx ELSE 0 END
       ) * SQRT(
         CASE WHEN n * syy - sy * sy > 1e-9 THEN n * syy - sy * sy ELSE 0 END
       ), 0),
       upper_mean - lower_mean, %s
FROM (
  SELECT question_id, COUNT(*) AS n, SUM(x) AS sx, SUM(y) AS sy, SUM(x * y) AS sxy,
         SUM(x * x) AS sxx, SUM(y * y) AS syy,
         AVG(CASE WHEN place >= 0.73 THEN x END) AS upper_mean,
         AVG(CASE WHEN place <= 0.27 THEN x END) AS lower_mean
  FROM (
    SELECT p.question_id, e.points * 1e0 / p.points AS x, (r.points - e.points) * 1e0 AS y, r.place
    FROM courses_earned e
    JOIN courses_paperquestion p ON p.id = e.place_id
    JOIN (
      SELECT id, points, PERCENT_RANK() OVER (PARTITION BY exam_id ORDER BY points) AS place
      FROM courses_attempt WHERE points IS NOT NULL
    ) r ON r.id = p.attempt_id
  ) places
  GROUP BY question_id
) sums
WHERE n >= %s
ON CONFLICT (question_id) DO UPDATE SET
  answers = excluded.answers, ease = excluded.ease, biserial = excluded.biserial,
  spread = excluded.spread, computed_at = excluded.computed_at
"""


@transaction.atomic
def count_questions(*, now: datetime) -> int:
    """Refresh the statistics of every question that was marked; tells how many."""
    with connection.cursor() as cursor:
        cursor.execute(_COUNT, [now, FEWEST])
        return max(int(cursor.rowcount), 0)
