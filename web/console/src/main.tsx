import { createRoot } from "react-dom/client";
import { Button, Table, Form, Select, Modal } from "antd";
createRoot(document.getElementById("console")!).render(<Form><Button type="primary">x</Button><Table/><Select/><Modal/></Form>);
