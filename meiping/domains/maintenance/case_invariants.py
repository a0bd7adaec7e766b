"""What is always true of service cases."""

from meiping.domains.maintenance.findings import place_line, rows
from meiping.store.inspection import Invariant

_STEPS = """
WITH last AS MATERIALIZED (SELECT case_id, min(id) AS first, max(id) AS id FROM service_step GROUP BY case_id)
SELECT '服务单 ' || c.number FROM service_case c LEFT JOIN last ON last.case_id = c.id
LEFT JOIN service_step f ON f.id = last.first LEFT JOIN service_step s ON s.id = last.id
WHERE s.id IS NULL OR f.step <> 'register' OR CASE s.step WHEN 'register' THEN 'registered' WHEN 'assign' THEN 'assigned'
    WHEN 'finish' THEN 'done' WHEN 'revisit' THEN 'revisited' WHEN 'close' THEN 'closed'
    ELSE iif(c.person_id IS NULL AND c.department_id IS NULL, 'registered', 'assigned') END <> c.status
"""

CASES = (Invariant("case_steps", "服务单的状态与步骤一致", rows(_STEPS, place_line("状态与最后一步不符"))),)
